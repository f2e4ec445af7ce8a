/** Time and chance as an argument, so that a test can run a day of back-off in a millisecond. */
export interface KubeClock {
  /** Milliseconds, monotonic: only differences mean anything. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Calls back once after `ms`; the returned function cancels. Must not keep the process alive. */
  schedule(ms: number, callback: () => void): () => void;
}

export const systemClock: KubeClock = {
  now: () => performance.now(),
  random: () => Math.random(),
  schedule: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
