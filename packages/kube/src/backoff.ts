/**
 * Waits between attempts: at once-ish for the first, then 1 s doubling to 30 s, each with jitter
 * so that a hundred caches that lost one API server do not come back in step. 30 s is client-go's
 * ceiling for reflectors (tools/cache/reflector.go, `backoffManager`).
 */
const firstMs = 250;
const baseMs = 1_000;
const ceilingMs = 30_000;

export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** The next wait, at least `atLeastMs` (a server's `Retry-After`). */
  nextMs(atLeastMs = 0): number {
    const failures = this.#failures;
    this.#failures += 1;
    if (failures === 0) return Math.max(atLeastMs, firstMs * this.#random());
    const full = Math.min(ceilingMs, baseMs * 2 ** Math.min(failures - 1, 10));
    return Math.max(atLeastMs, full * (0.5 + this.#random() / 2));
  }

  reset(): void {
    this.#failures = 0;
  }
}
