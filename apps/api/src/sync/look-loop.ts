/**
 * When something that belongs to a cluster as a whole is looked at (node config, image policy): at
 * every wake-up, and again by itself while something is in the way. One look at a time, each
 * written down before the next begins, so that an older state never stays in the place of a newer one.
 */
import type { Log } from '../config/log.js';
import { retryDelayMs } from './retry-delay.js';

export interface Look<Status> {
  readonly statuses: readonly Status[];
  /** Milliseconds after which to look again without an event; null = not. */
  readonly retryMs: number | null;
}

export interface LookLoopParts<Status> {
  /** For the log. */
  readonly what: string;
  /** Looks, from the newest desired state, and makes the changes. */
  readonly look: () => Promise<Look<Status>>;
  readonly save: (statuses: readonly Status[]) => Promise<void>;
  readonly onDone: () => void;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'warn'>;
}

export class LookLoop<Status> {
  readonly #parts: LookLoopParts<Status>;
  #isRunning = false;
  #again = false;
  #retry: NodeJS.Timeout | null = null;

  constructor(parts: LookLoopParts<Status>) {
    this.#parts = parts;
    parts.signal.addEventListener('abort', () => this.#cancelRetry(), { once: true });
  }

  wake(): void {
    this.#again = true;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    const { signal, onDone } = this.#parts;
    this.#isRunning = true;
    this.#cancelRetry();
    let retryMs: number | null = null;
    while (this.#again && !signal.aborted) {
      this.#again = false;
      retryMs = await this.#look();
    }
    this.#isRunning = false;
    if (signal.aborted) return;
    if (retryMs !== null) {
      this.#retry = setTimeout(() => this.wake(), retryMs);
      this.#retry.unref();
    }
    onDone();
  }

  /** Resolves with milliseconds after which to look again, or null. Throws nothing. */
  async #look(): Promise<number | null> {
    const { what, look, save, signal, log } = this.#parts;
    try {
      const { statuses, retryMs } = await look();
      await save(statuses);
      return retryMs;
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, `writing the state of the ${what} failed`);
      return retryDelayMs(5);
    }
  }

  #cancelRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }
}
