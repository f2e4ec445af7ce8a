import type { KubeClock } from './clock.js';
import type { KubeError } from './kube-error.js';
import type { KubeObject } from './objects.js';

/**
 * `idle` not started · `listing` · `watching` · `retrying` waiting after a failure, the picture
 * may be old · `closed`.
 */
export type WatchState = 'idle' | 'listing' | 'watching' | 'retrying' | 'closed';

export interface WatchCacheOptions<T, O extends KubeObject = KubeObject> {
  /** For logs and metrics. */
  readonly name: string;
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly projection?: 'object' | 'metadata';
  /** Keeps what is needed of an object; the rest is never held. */
  readonly slim: (object: O) => T;
  /** Default: `namespace/name`, or `name` for what has no namespace. */
  readonly keyOf?: (object: O) => string;
  /** A key changed; `undefined` = gone. Never called with an older version after a newer. */
  readonly onChange: (key: string, item: T | undefined) => void;
  readonly onState?: (state: WatchState, error: KubeError | null) => void;
  /**
   * No event and no bookmark for so long = the watch is dead. Default 90 s: one and a half of the
   * API server's bookmark interval (1 min, apiserver/pkg/storage/cacher, `defaultBookmarkFrequency`).
   */
  readonly silenceMs?: number;
  /** A full list for safety against events lost on the way. Default 30 min, spread by a tenth. */
  readonly relistEveryMs?: number;
  /**
   * How long a list that is older than what was seen is taken for a server that lags; after that
   * for a cluster restored from a backup. Default 5 min.
   */
  readonly staleListGraceMs?: number;
  readonly clock?: KubeClock;
}

export interface WatchCounts {
  readonly lists: number;
  readonly watches: number;
  readonly events: number;
  /** Objects that `slim` or `keyOf` could not read. */
  readonly unreadable: number;
}
