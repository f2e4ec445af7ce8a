/**
 * Watch streams: what happened since a revision, then what happens, one JSON line per event.
 *
 * An object that starts or stops to match the selector is ADDED or DELETED for this watcher. A
 * start older than the history, or a forced expiry, is one ERROR event with a 410 status, after
 * which the stream ends. Bookmarks carry only the kind and a resource version.
 */
import { type ApiResource, groupVersionOf } from './api-resources.js';
import type { KubeObject } from './kube-object.js';
import type { ListScope, ObjectStore, StoreEvent } from './object-store.js';
import type { Selector } from './selectors.js';
import { tooOld } from './status.js';

export interface WatchQuery {
  /** Undefined: begin with the objects that are there. */
  readonly startRevision: number | undefined;
  readonly matches: Selector;
  readonly bookmarks: boolean;
  /** The list as events, closed by an annotated bookmark (`sendInitialEvents`). */
  readonly initialEvents: boolean;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

export interface WatchSink {
  write(line: string): void;
  end(how: 'closed' | 'reset'): void;
}

export class WatchStream {
  readonly #store: ObjectStore;
  readonly #scope: ListScope;
  readonly #query: WatchQuery;
  readonly #sink: WatchSink;
  readonly #present: number;
  /** The newest revision that this watcher has been told of. */
  #seen: number;

  /** `present` is the revision that this watcher may see as the newest. */
  constructor(
    store: ObjectStore,
    present: number,
    scope: ListScope,
    query: WatchQuery,
    sink: WatchSink,
  ) {
    this.#store = store;
    this.#scope = scope;
    this.#query = query;
    this.#sink = sink;
    this.#present = present;
    this.#seen = query.startRevision ?? present;
  }

  /** The lines with which it begins; it may be ended by them. */
  begin(): void {
    const { startRevision, initialEvents } = this.#query;
    if (startRevision === undefined || initialEvents) this.#sendState();
    else this.#sendHistory(this.#store.eventsAfter(startRevision));
  }

  deliver(event: StoreEvent): void {
    if (event.revision <= this.#seen) return;
    this.#seen = event.revision;
    if (!isInScope(this.#scope, event)) return;
    const change = changeFor(event, this.#query.matches);
    if (change !== undefined) this.#send(change);
  }

  bookmark(): void {
    if (this.#query.bookmarks) this.#send(bookmarkOf(this.#scope.resource, this.#seen));
  }

  /** Ends the stream as a server does that no longer has the history. */
  expire(): void {
    this.#send({ type: 'ERROR', object: tooOld(this.#seen, this.#store.oldestRevision).status });
    this.end('closed');
  }

  /** Ends the stream in order (timeout), or as a broken connection. */
  end(how: 'closed' | 'reset'): void {
    this.#sink.end(how);
  }

  #sendHistory(events: readonly StoreEvent[] | undefined): void {
    if (events === undefined) this.expire();
    for (const event of events ?? []) {
      if (event.revision <= this.#present) this.deliver(event);
    }
  }

  #sendState(): void {
    const objects = this.#store.listAt(this.#scope, this.#present) ?? [];
    for (const object of objects.filter(this.#query.matches)) this.#send({ type: 'ADDED', object });
    this.#seen = this.#present;
    if (!this.#query.initialEvents) return;
    this.#send(
      bookmarkOf(this.#scope.resource, this.#seen, { 'k8s.io/initial-events-end': 'true' }),
    );
  }

  #send(event: WatchEvent): void {
    this.#sink.write(`${JSON.stringify(event)}\n`);
  }
}

function isInScope({ resource, namespace }: ListScope, event: StoreEvent): boolean {
  return event.resource === resource && (namespace === '' || event.namespace === namespace);
}

function changeFor(event: StoreEvent, matches: Selector): WatchEvent | undefined {
  const { before, after } = event;
  const wasIn = before !== undefined && matches(before);
  const isIn = after !== undefined && matches(after);
  if (isIn) return { type: wasIn ? 'MODIFIED' : 'ADDED', object: after };
  if (!wasIn) return undefined;
  // The last state that matched, under the revision of its going.
  return { type: 'DELETED', object: atRevision(before, event.revision) };
}

function atRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

function bookmarkOf(
  resource: ApiResource,
  revision: number,
  annotations?: Readonly<Record<string, string>>,
): WatchEvent {
  const metadata = {
    resourceVersion: String(revision),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return {
    type: 'BOOKMARK',
    object: { kind: resource.kind, apiVersion: groupVersionOf(resource), metadata },
  };
}
