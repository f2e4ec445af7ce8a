/**
 * A picture of one kind of object in one cluster, kept up to date by list and watch
 * (kubernetes.io/docs/reference/using-api/api-concepts, "Efficient detection of changes").
 *
 * - one complete list, then a watch from its version; the watch is resumed from the last version
 *   seen (bookmarks included) and never again preceded by a list, except after 410 Gone and, for
 *   safety, every half hour;
 * - a watch that goes silent, resets, errors or storms is replaced, with jittered back-off; the
 *   loop ends only with `close` or the given signal;
 * - never reports an older version after a newer one, whatever a lagging server repeats.
 *
 * Does not handle: streaming lists (`sendInitialEvents`), several selections in one cache.
 */
import { Backoff } from './backoff.js';
import { type KubeClock, systemClock } from './clock.js';
import type { KubeClient } from './kube-client.js';
import { isKubeError, KubeError, type KubeOperation } from './kube-error.js';
import { ObjectIntake } from './object-intake.js';
import { ObjectReader } from './object-reader.js';
import type { KubeObject } from './objects.js';
import { callOwner, surface } from './owner-callback.js';
import { sleep } from './sleep.js';
import { StaleListGuard } from './stale-list-guard.js';
import { VersionWaiters } from './version-waiters.js';
import { type ListedItem, VersionedItems } from './versioned-items.js';
import type { WatchCacheOptions, WatchCounts, WatchState } from './watch-cache-options.js';
import { pickWatchSeconds } from './watch-duration.js';
import type { WatchEvent } from './watch-event.js';
import { runWatchSession } from './watch-session.js';
import { wireError } from './wire-error.js';

const defaultSilenceMs = 90_000;
const defaultRelistMs = 30 * 60_000;
const defaultStaleListGraceMs = 5 * 60_000;
/** The server no longer has the events, or sends one that we cannot read: a list leads past it. */
const relistReasons: ReadonlySet<string> = new Set([
  'Gone',
  'Expired',
  'MalformedResponse',
  'ResponseTooLarge',
]);
/** A watch that lived so long was healthy: the next failure is a new one. */
const stableWatchMs = 10_000;

export class WatchCache<T, O extends KubeObject = KubeObject> {
  readonly name: string;
  readonly items: ReadonlyMap<string, T>;
  /** Settled by the first complete list; rejected when the cache is closed before it. */
  readonly synced: Promise<void>;
  readonly #client: KubeClient;
  readonly #options: WatchCacheOptions<T, O>;
  readonly #clock: KubeClock;
  readonly #operation: KubeOperation;
  readonly #held: VersionedItems<T>;
  readonly #backoff: Backoff;
  readonly #waiters = new VersionWaiters();
  readonly #closing = new AbortController();
  readonly #stale: StaleListGuard;
  readonly #reader: ObjectReader<T, O>;
  readonly #intake: ObjectIntake<T, O>;
  readonly #counts = { lists: 0, watches: 0, events: 0 };
  readonly #settleSynced: { resolve: () => void; reject: (error: Error) => void };
  #state: WatchState = 'idle';
  #lastError: KubeError | null = null;
  #lastEventAt: number | null = null;
  #hasList = false;
  #needsList = true;
  #relistAt = Number.POSITIVE_INFINITY;
  #current: AbortController | null = null;

  constructor(client: KubeClient, options: WatchCacheOptions<T, O>) {
    this.name = options.name;
    this.#client = client;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#operation = { verb: 'watch', path: options.path };
    this.#held = new VersionedItems<T>((key, item) => callOwner(() => options.onChange(key, item)));
    this.items = this.#held.items;
    this.#reader = new ObjectReader<T, O>(options.slim, options.keyOf);
    this.#intake = new ObjectIntake(this.#reader, this.#held);
    this.#stale = new StaleListGuard(
      options.staleListGraceMs ?? defaultStaleListGraceMs,
      this.#clock,
    );
    this.#backoff = new Backoff(this.#clock.random);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Whoever does not wait for it must not be killed by its rejection.
    promise.catch(() => {});
    this.synced = promise;
    this.#settleSynced = { resolve, reject };
  }

  get state(): WatchState {
    return this.#state;
  }

  /** Why it is `retrying`, or the last reason why it was. */
  get lastError(): KubeError | null {
    return this.#lastError;
  }

  /** On the given clock; null before the first list. Bookmarks count. */
  get lastEventAt(): number | null {
    return this.#lastEventAt;
  }

  /** Everything up to here has been seen. */
  get resourceVersion(): string | null {
    return this.#held.progress;
  }

  get counts(): WatchCounts {
    return { ...this.#counts, unreadable: this.#reader.unreadable };
  }

  /** Whether the picture is complete and was confirmed within `withinMs` (default `silenceMs`). */
  isFresh(withinMs = this.#silenceMs): boolean {
    if (!this.#hasList || this.#lastEventAt === null) return false;
    return this.#clock.now() - this.#lastEventAt <= withinMs;
  }

  /** Runs until `close` or the signal. A second call does nothing. */
  start(signal?: AbortSignal): void {
    if (this.#state !== 'idle') return;
    if (signal?.aborted === true) {
      this.close();
      return;
    }
    signal?.addEventListener('abort', () => this.close(), {
      once: true,
      signal: this.#closing.signal,
    });
    this.#setState('listing', null);
    this.#run().catch(surface);
  }

  /**
   * Puts the reply of a write of our own in, so that the next plan sees it without waiting for
   * the event. Ignored when that version has been seen already. Does not call `onChange`.
   */
  absorb(object: O): void {
    this.#intake.absorb(object);
  }

  /** Resolves when everything up to that version has been seen. */
  waitFor(resourceVersion: string, signal?: AbortSignal): Promise<void> {
    const operation = this.#operation;
    const closed = () =>
      new KubeError({ reason: 'Closed', operation, message: `${this.name}: the cache was closed` });
    return this.#waiters.wait(
      resourceVersion,
      this.#held.progress,
      [signal, this.#closing.signal],
      closed,
    );
  }

  /** Lists anew as soon as possible, without waiting for the server to ask for it. */
  relist(): void {
    this.#needsList = true;
    this.#current?.abort();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#setState('closed', null);
    this.#closing.abort();
    this.#current?.abort();
    const { name } = this;
    this.#settleSynced.reject(
      new KubeError({
        reason: 'Closed',
        operation: this.#operation,
        message: `${name}: the cache was closed`,
      }),
    );
  }

  get #silenceMs(): number {
    return this.#options.silenceMs ?? defaultSilenceMs;
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const error = await this.#round();
      if (this.#isClosed) return;
      if (error === null) continue;
      if (relistReasons.has(error.reason)) this.#needsList = true;
      this.#setState('retrying', error);
      await sleep(this.#backoff.nextMs(error.retryAfterMs ?? 0), this.#clock, this.#closing.signal);
    }
  }

  /** A list if one is needed, and one watch. Null = go on at once. */
  async #round(): Promise<KubeError | null> {
    const current = new AbortController();
    this.#current = current;
    try {
      if (this.#needsList || this.#clock.now() >= this.#relistAt) await this.#list(current.signal);
      return await this.#watch(current);
    } catch (error) {
      // `relist` ended it: not a failure.
      if (this.#needsList && current.signal.aborted && isKubeError(error, 'Aborted')) return null;
      return wireError(error, this.#operation);
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    this.#setState('listing', null);
    this.#counts.lists += 1;
    const { path } = this.#options;
    const listed: ListedItem<T>[] = [];
    let resourceVersion = '';
    for await (const page of this.#client.listPages<O>(path, { ...this.#selection(), signal })) {
      resourceVersion ||= page.resourceVersion;
      for (const object of page.items) {
        const read = this.#intake.readListed(object);
        if (read !== null) listed.push(read);
      }
    }
    this.#stale.check(resourceVersion, this.#held.progress, this.#operation);
    this.#needsList = false;
    const relistMs = this.#options.relistEveryMs ?? defaultRelistMs;
    this.#relistAt = this.#clock.now() + relistMs * (0.9 + this.#clock.random() / 5);
    this.#held.replace(listed, resourceVersion);
    this.#hasList = true;
    this.#confirmed();
    this.#settleSynced.resolve();
  }

  async #watch(current: AbortController): Promise<KubeError | null> {
    const startedAt = this.#clock.now();
    this.#counts.watches += 1;
    const error = await runWatchSession(this.#client, {
      path: this.#options.path,
      selection: this.#selection(),
      resourceVersion: this.#held.progress ?? '0',
      timeoutSeconds: pickWatchSeconds(this.#clock.random(), this.#relistAt - this.#clock.now()),
      silenceMs: this.#silenceMs,
      clock: this.#clock,
      current,
      onOpen: () => this.#setState('watching', null),
      onEvent: (event) => this.#take(event),
    });
    // A list alone proves nothing: lists that succeed between watches that fail must not turn the
    // back-off into a storm of lists.
    if (this.#clock.now() - startedAt >= stableWatchMs) this.#backoff.reset();
    return error;
  }

  #take(event: Exclude<WatchEvent, { type: 'error' }>): void {
    this.#counts.events += 1;
    this.#backoff.reset();
    this.#intake.take(event);
    this.#confirmed();
  }

  #confirmed(): void {
    this.#lastEventAt = this.#clock.now();
    this.#waiters.advance(this.#held.progress);
  }

  #selection(): Pick<WatchCacheOptions<T, O>, 'labelSelector' | 'fieldSelector' | 'projection'> {
    const { labelSelector, fieldSelector, projection } = this.#options;
    return {
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(projection === undefined ? {} : { projection }),
    };
  }

  #setState(state: WatchState, error: KubeError | null): void {
    if (error !== null) this.#lastError = error;
    if (state === this.#state && error === null) return;
    this.#state = state;
    callOwner(() => this.#options.onState?.(state, error));
  }
}
