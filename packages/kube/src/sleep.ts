import type { KubeClock } from './clock.js';

/** Resolves after `ms`, or as soon as the signal is aborted; leaves no listener behind. */
export function sleep(ms: number, clock: KubeClock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.schedule(ms, end);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
