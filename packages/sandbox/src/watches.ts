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

export interface WatchStream {
  readonly resource: ApiResource;
  /** The lines with which it begins; it may be ended by them. */
  begin(): void;
  deliver(event: StoreEvent): void;
  bookmark(): void;
  /** Ends the stream as a server does that no longer has the history. */
  expire(): void;
  /** Ends the stream in order (timeout), or as a broken connection. */
  end(how: 'closed' | 'reset'): void;
}

export interface WatchSink {
  write(line: string): void;
  end(how: 'closed' | 'reset'): void;
}

export function openWatch(
  store: ObjectStore,
  scope: ListScope,
  query: WatchQuery,
  sink: WatchSink,
): WatchStream {
  const { resource } = scope;
  // The newest revision that this watcher has been told of.
  let seen = query.startRevision ?? store.revision;
  const send = (event: WatchEvent) => sink.write(`${JSON.stringify(event)}\n`);
  const deliver = (event: StoreEvent) => {
    if (event.revision <= seen) return;
    seen = event.revision;
    if (!isInScope(scope, event)) return;
    const change = changeFor(event, query.matches);
    if (change !== undefined) send(change);
  };
  const expire = (revision: number) => {
    send({ type: 'ERROR', object: tooOld(revision, store.oldestRevision).status });
    sink.end('closed');
  };
  return {
    resource,
    deliver,
    bookmark() {
      if (query.bookmarks) send(bookmarkOf(resource, seen));
    },
    expire: () => expire(seen),
    end: (how) => sink.end(how),
    begin() {
      if (query.startRevision === undefined || query.initialEvents) {
        for (const object of store.list(scope).filter(query.matches))
          send({ type: 'ADDED', object });
        seen = store.revision;
        if (query.initialEvents)
          send(bookmarkOf(resource, seen, { 'k8s.io/initial-events-end': 'true' }));
        return;
      }
      const events = store.eventsAfter(query.startRevision);
      if (events === undefined) expire(query.startRevision);
      else for (const event of events) deliver(event);
    },
  };
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
