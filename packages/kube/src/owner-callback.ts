/**
 * Runs a callback of the cache's owner. A defect in it must not pass for a failure of the cluster,
 * nor stop the watch: it surfaces as an uncaught exception, logged by the process.
 */
export function callOwner(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    surface(error);
  }
}

export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
