import { compareResourceVersions } from './resource-version.js';

interface Waiter {
  readonly resourceVersion: string;
  readonly resolve: () => void;
}

/** Callers that wait until a resource version has been seen. */
export class VersionWaiters {
  readonly #waiting = new Set<Waiter>();

  wait(
    resourceVersion: string,
    progress: string | null,
    signals: readonly (AbortSignal | undefined)[],
    reason: () => Error,
  ): Promise<void> {
    if (isReached(resourceVersion, progress)) return Promise.resolve();
    const given = signals.filter((signal) => signal !== undefined);
    const signal = AbortSignal.any(given);
    if (signal.aborted) return Promise.reject(reason());
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(waiter);
        reject(reason());
      };
      const waiter: Waiter = {
        resourceVersion,
        resolve: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
    });
  }

  advance(progress: string | null): void {
    for (const waiter of this.#waiting) {
      if (!isReached(waiter.resourceVersion, progress)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }
}

/** Opaque versions cannot be ordered: equal is reached, anything else is not. */
function isReached(wanted: string, progress: string | null): boolean {
  if (progress === null) return false;
  const order = compareResourceVersions(progress, wanted);
  return order !== null && order >= 0;
}
