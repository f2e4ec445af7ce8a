/**
 * Notices an HTTP/2 connection whose peer has silently gone (a cut cable, a firewall that forgot
 * the flow): undici sends a PING every interval, and two intervals without an answer mean that the
 * connection is dead. client-go does the same with 30 s + 15 s (golang.org/x/net/http2,
 * ReadIdleTimeout and PingTimeout).
 *
 * A process that is stalled, starved of CPU or suspended must not take its own deafness for a dead
 * peer: intervals are counted, not time; an interval that came late does not count, and those
 * before it neither; and what has already arrived is read before the verdict. Should the process
 * stay so busy that every interval is late, TCP keep-alive and the silence of the watches still
 * end the connection.
 */
import type { Client } from 'undici';

const missesAllowed = 2;
/** Later than this share of the interval: it was not the peer that was slow. */
const lateShare = 1 / 4;

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
    let tickedAt = performance.now();
    const timer = setInterval(() => {
      const lateMs = performance.now() - tickedAt - this.intervalMs;
      tickedAt = performance.now();
      if (lateMs > this.intervalMs * lateShare) {
        this.#misses = 0;
        return;
      }
      this.#misses += 1;
      // Timers run before sockets are read: the answer may lie there unread.
      if (this.#misses > missesAllowed) setImmediate(() => this.#judge(timer));
    }, this.intervalMs);
    timer.unref();
    this.#timer = timer;
  }

  #judge(timer: NodeJS.Timeout): void {
    // Answered, or another connection, since.
    if (this.#timer !== timer || this.#misses <= missesAllowed) return;
    this.stop();
    this.#onDead();
  }
}
