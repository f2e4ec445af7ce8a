import type { KubeClient } from './kube-client.js';
import type { KubeClock } from './clock.js';
import type { KubeError } from './kube-error.js';
import type { KubeObject } from './objects.js';

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
  /** No event and no bookmark for so long = the watch is dead. Default 90 s. */
  readonly silenceMs?: number;
  readonly clock?: KubeClock;
}

export declare class WatchCache<T, O extends KubeObject = KubeObject> {
  constructor(client: KubeClient, options: WatchCacheOptions<T, O>);
  readonly name: string;
  readonly items: ReadonlyMap<string, T>;
  /** Settled by the first complete list, rejected by `close` before it. */
  readonly synced: Promise<void>;
  get state(): WatchState;
  get lastError(): KubeError | null;
  /** On the given clock; null before the first reply. Bookmarks count. */
  get lastEventAt(): number | null;
  /** Seen everything up to here. */
  get resourceVersion(): string | null;
  /** Whether the picture is complete and at most `withinMs` (default `silenceMs`) old. */
  isFresh(withinMs?: number): boolean;
  start(signal: AbortSignal): void;
  /**
   * Puts the reply of a write of our own in, so that the next plan sees it without waiting for
   * the event. Ignored when the watch has already seen that version. Does not call `onChange`.
   */
  absorb(object: O): void;
  /** Resolves when everything up to that version has been seen. */
  waitFor(resourceVersion: string, signal?: AbortSignal): Promise<void>;
  readonly counts: { readonly lists: number; readonly watches: number; readonly events: number };
  close(): void;
}
