/**
 * Notices an HTTP/2 connection whose peer has silently gone (a cut cable, a firewall that forgot
 * the flow): undici sends a PING every interval, and two intervals without an answer mean that the
 * connection is dead. client-go does the same with 30 s + 15 s (golang.org/x/net/http2,
 * ReadIdleTimeout and PingTimeout). Intervals are counted, not time, so that a stalled process or
 * a suspended machine does not look like a dead peer.
 */
import type { Client } from 'undici';

const missesAllowed = 2;

export class ConnectionLiveness {
  /** A PING is 17 bytes; at 10 s a dead watch is noticed within 30 s. */
  readonly intervalMs: number;
  readonly #onDead: () => void;
  #timer: NodeJS.Timeout | null = null;
  #misses = 0;

  constructor(onDead: () => void, intervalMs = 10_000) {
    this.#onDead = onDead;
    this.intervalMs = intervalMs;
  }

  /** Watches this client's connections instead of the one before. */
  follow(client: Client): void {
    this.stop();
    client.on('connect', () => this.#start());
    client.on('disconnect', () => this.stop());
    // Emitted by undici for each answered PING; not in its types.
    const emitter: NodeJS.EventEmitter = client;
    emitter.on('ping', () => {
      this.#misses = 0;
    });
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#misses = 0;
  }

  #start(): void {
    this.stop();
    this.#timer = setInterval(() => {
      this.#misses += 1;
      if (this.#misses <= missesAllowed) return;
      this.stop();
      this.#onDead();
    }, this.intervalMs);
    this.#timer.unref();
  }
}
