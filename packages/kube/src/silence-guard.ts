import type { KubeClock } from './clock.js';

/** Calls back when nothing was heard for a while. One timer, however much is heard. */
export class SilenceGuard {
  readonly #clock: KubeClock;
  readonly #silenceMs: number;
  readonly #onSilence: () => void;
  #heardAt: number;
  #cancel: () => void = () => {};
  #isSilent = false;

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
  }

  stop(): void {
    this.#cancel();
  }

  #arm(ms: number): void {
    this.#cancel = this.#clock.schedule(ms, () => {
      const leftMs = this.#silenceMs - (this.#clock.now() - this.#heardAt);
      if (leftMs > 0) {
        this.#arm(leftMs);
        return;
      }
      this.#isSilent = true;
      this.#onSilence();
    });
  }
}
