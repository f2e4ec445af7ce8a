import type { KubeClock } from './clock.js';
import { KubeError, type KubeOperation } from './kube-error.js';
import { isOlder } from './resource-version.js';

/**
 * A server that lags behind what was seen must not take the picture back in time; but a cluster
 * restored from a backup does start again with smaller versions, and stays with them.
 */
export class StaleListGuard {
  readonly #graceMs: number;
  readonly #clock: KubeClock;
  #since: number | null = null;

  constructor(graceMs: number, clock: KubeClock) {
    this.#graceMs = graceMs;
    this.#clock = clock;
  }

  /** Throws `StaleList` for a list older than `seen`, until that has gone on for the grace time. */
  check(resourceVersion: string, seen: string | null, operation: KubeOperation): void {
    if (seen === null || !isOlder(resourceVersion, seen)) {
      this.#since = null;
      return;
    }
    const now = this.#clock.now();
    this.#since ??= now;
    if (now - this.#since >= this.#graceMs) {
      this.#since = null;
      return;
    }
    throw new KubeError({
      reason: 'StaleList',
      operation,
      message: `list ${operation.path}: the server answered with a list older than what was already seen`,
    });
  }
}
