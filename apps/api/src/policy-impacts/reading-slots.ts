/**
 * Reading what runs costs the clusters and us. So many readings go on at a time, so many more wait;
 * who comes then is told to come again, before a queue grows that nobody waits for any more.
 */
import { Problem } from '../http/problem.js';

export interface SlotLimits {
  readonly atOnce: number;
  readonly waiting: number;
}

/** A reading takes a second or so. */
const RETRY_AFTER_SECONDS = 10;

export class ReadingSlots {
  readonly #limits: SlotLimits;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#limits.atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#limits.waiting) {
      throw new Problem(
        'request.rate-limited',
        'Too many clusters are being read. Try again soon.',
        {
          members: { retryAfterSeconds: RETRY_AFTER_SECONDS },
        },
      );
    }
    // The slot is handed on, so nobody can slip in between.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
