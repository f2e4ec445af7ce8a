import type { KubeClock } from './clock.js';

/**
 * Calls back when nothing was heard for a while. One timer, however much is heard. When the timer
 * itself comes late, it was this process that did not listen (stalled, or the machine suspended):
 * once, a little more time is given to read what has arrived meanwhile.
 */
/** Of the silence: how late the timer may be, and how much more time is then given. */
const lateShare = 1 / 10;
const graceShare = 1 / 3;

export class SilenceGuard {
  readonly #clock: KubeClock;
  readonly #silenceMs: number;
  readonly #onSilence: () => void;
  #heardAt: number;
  #cancel: () => void = () => {};
  #isSilent = false;
  #hadGrace = false;

  constructor(clock: KubeClock, silenceMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
    this.#heardAt = clock.now();
    this.#arm(silenceMs);
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
    this.#hadGrace = false;
  }

  stop(): void {
    this.#cancel();
  }

  #arm(ms: number): void {
    const dueAt = this.#clock.now() + ms;
    this.#cancel = this.#clock.schedule(ms, () => {
      const leftMs = this.#silenceMs - (this.#clock.now() - this.#heardAt);
      if (leftMs > 0) {
        this.#arm(leftMs);
        return;
      }
      if (!this.#hadGrace && this.#clock.now() - dueAt > this.#silenceMs * lateShare) {
        this.#hadGrace = true;
        this.#arm(this.#silenceMs * graceShare);
        return;
      }
      this.#isSilent = true;
      this.#onSilence();
    });
  }
}
