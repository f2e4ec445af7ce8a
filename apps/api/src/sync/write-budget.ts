/**
 * Ends fights: where something else in the cluster undoes every change of ours at once (another
 * controller, a mutating webhook), we give way for a while instead of writing without end. The first
 * round after the desired state has changed is free: many changes in a row are no fight.
 */
const WINDOW_MS = 10_000;
/** People and controllers at work stay far below it; two programs that fight reach it in a second. */
const ROUNDS_PER_WINDOW = 40;

export class WriteBudget {
  readonly #rounds = new Map<string, { readonly since: number; count: number; desired: object }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Takes one round of writes towards `desired`; else milliseconds until there is one again. */
  take(key: string, desired: object): number | null {
    const now = this.now();
    const spent = this.#rounds.get(key);
    if (spent === undefined || now - spent.since >= WINDOW_MS) {
      this.#forgetOld(now);
      this.#rounds.set(key, { since: now, count: 1, desired });
      return null;
    }
    if (spent.desired !== desired) {
      spent.desired = desired;
      return null;
    }
    if (spent.count >= ROUNDS_PER_WINDOW) return WINDOW_MS - (now - spent.since);
    spent.count += 1;
    return null;
  }

  /** From time to time, so that a large first pass leaves nothing behind. */
  #forgetOld(now: number): void {
    for (const [key, { since }] of this.#rounds) {
      // In order of their start: the first recent one ends the search.
      if (now - since < WINDOW_MS) return;
      this.#rounds.delete(key);
    }
  }
}
