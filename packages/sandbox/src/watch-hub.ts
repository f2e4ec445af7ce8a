/** All open watches of a simulated cluster, and the faults that happen to watches. */
import type { ObjectStore, StoreEvent } from './object-store.js';
import type { WatchStream } from './watches.js';

export class WatchHub {
  readonly #streams = new Set<WatchStream>();
  readonly #unsubscribe: () => void;
  readonly #bookmarkTimer: NodeJS.Timeout;
  #dropping: (event: StoreEvent) => boolean = () => false;
  #held: StoreEvent[] | undefined;
  #heldAt: number | undefined;

  constructor(
    readonly store: ObjectStore,
    bookmarkIntervalMs: number,
  ) {
    this.#unsubscribe = store.subscribe((event) => this.#deliver(event));
    this.#bookmarkTimer = setInterval(() => this.sendBookmarks(), bookmarkIntervalMs);
    this.#bookmarkTimer.unref();
  }

  get openWatches(): number {
    return this.#streams.size;
  }

  /** The revision that reads may see: the present one unless reads are held. */
  get visibleRevision(): number {
    return this.#heldAt ?? this.store.revision;
  }

  add(stream: WatchStream): () => void {
    this.#streams.add(stream);
    return () => void this.#streams.delete(stream);
  }

  /** Events for which this holds reach no watcher, ever. */
  dropEvents(isDropped: (event: StoreEvent) => boolean): void {
    this.#dropping = isDropped;
  }

  /** Reads and watches stay at the present state while writes go on: a replica that lags behind. */
  holdReads(): void {
    this.#heldAt ??= this.store.revision;
    this.#held ??= [];
  }

  releaseReads(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#heldAt = undefined;
    for (const event of held) this.#deliver(event);
  }

  sendBookmarks(): void {
    if (this.#held !== undefined) return;
    for (const stream of this.#streams) stream.bookmark();
  }

  /** `closed`: ended in order, as at a timeout; `reset`: the connection breaks. */
  cutWatches(how: 'closed' | 'reset'): void {
    for (const stream of [...this.#streams]) stream.end(how);
  }

  /** Each watch gets its 410 as an event and ends. */
  expireWatches(): void {
    for (const stream of [...this.#streams]) stream.expire();
  }

  stop(): void {
    clearInterval(this.#bookmarkTimer);
    this.#unsubscribe();
    this.cutWatches('reset');
  }

  #deliver(event: StoreEvent): void {
    if (this.#held !== undefined) {
      this.#held.push(event);
      return;
    }
    if (this.#dropping(event)) return;
    for (const stream of [...this.#streams]) stream.deliver(event);
  }
}
