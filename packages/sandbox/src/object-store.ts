/**
 * The revisioned store below the simulated API, after etcd: one revision counter for everything,
 * a history of changes from which past states are rebuilt and watches replayed, and compaction
 * that forgets the older part of it.
 */
import { type ApiResource, groupVersionOf } from './api-resources.js';
import type { KubeObject } from './kube-object.js';

export interface StoreEvent {
  readonly revision: number;
  readonly resource: ApiResource;
  readonly namespace: string;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

export type StoreListener = (event: StoreEvent) => void;

/** Namespace `''`: all namespaces, or a kind without namespaces. */
export interface ListScope {
  readonly resource: ApiResource;
  readonly namespace: string;
}

export class ObjectStore {
  #revision = 1;
  #compacted = 0;
  #history: StoreEvent[] = [];
  readonly #kinds = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<StoreListener>();
  readonly #undelivered: StoreEvent[] = [];
  #delivering = false;

  /** `historyLimit` changes are kept, as a real server keeps five minutes of them. */
  constructor(readonly historyLimit: number) {}

  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision from which a watch can start. */
  get oldestRevision(): number {
    return this.#compacted;
  }

  get(resource: ApiResource, namespace: string, name: string): KubeObject | undefined {
    return this.#objects(resource).get(keyOf(namespace, name));
  }

  /** Sorted as etcd sorts, by namespace and name. */
  list({ resource, namespace }: ListScope): KubeObject[] {
    return sorted(scoped(this.#objects(resource), namespace));
  }

  /** The state at that revision, or undefined when it is compacted away. */
  listAt(scope: ListScope, revision: number): KubeObject[] | undefined {
    if (revision >= this.#revision) return this.list(scope);
    const events = this.eventsAfter(revision);
    if (events === undefined) return undefined;
    const past = new Map(this.#objects(scope.resource));
    for (const event of events.toReversed()) {
      if (event.resource !== scope.resource) continue;
      const key = keyOf(event.namespace, event.name);
      if (event.before === undefined) past.delete(key);
      else past.set(key, event.before);
    }
    return sorted(scoped(past, scope.namespace));
  }

  /** Changes after that revision, oldest first; undefined when some of them are forgotten. */
  eventsAfter(revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compacted) return undefined;
    // Every change has a revision of its own, so the distance to the present is their number.
    const count = Math.max(0, this.#revision - revision);
    return count === 0 ? [] : this.#history.slice(-count);
  }

  /** Stores the object under the next revision and returns it as stored. */
  put(resource: ApiResource, object: KubeObject): KubeObject {
    this.#revision += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#revision) };
    const after = { ...object, metadata };
    const { namespace = '', name } = metadata;
    const before = this.get(resource, namespace, name);
    this.#objects(resource).set(keyOf(namespace, name), after);
    this.#record({ revision: this.#revision, resource, namespace, name, before, after });
    return after;
  }

  delete(resource: ApiResource, namespace: string, name: string): KubeObject | undefined {
    const before = this.get(resource, namespace, name);
    if (before === undefined) return undefined;
    this.#revision += 1;
    this.#objects(resource).delete(keyOf(namespace, name));
    this.#record({ revision: this.#revision, resource, namespace, name, before, after: undefined });
    return before;
  }

  /** Forgets everything before the present revision: older watches and lists answer 410. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#history = [];
  }

  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #record(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > this.historyLimit * 2) {
      const dropped = this.#history.length - this.historyLimit;
      this.#compacted = this.#history[dropped - 1]?.revision ?? this.#compacted;
      this.#history = this.#history.slice(dropped);
    }
    this.#undelivered.push(event);
    if (!this.#delivering) this.#deliverAll();
  }

  /** In order for every listener, also when one of them answers a change with another. */
  #deliverAll(): void {
    this.#delivering = true;
    try {
      for (let event = this.#undelivered.shift(); event; event = this.#undelivered.shift()) {
        for (const listener of this.#listeners) listener(event);
      }
    } finally {
      this.#delivering = false;
    }
  }

  #objects(resource: ApiResource): Map<string, KubeObject> {
    const key = `${groupVersionOf(resource)}/${resource.plural}`;
    const objects = this.#kinds.get(key) ?? new Map<string, KubeObject>();
    this.#kinds.set(key, objects);
    return objects;
  }
}

export function keyOf(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

export function keyOfObject({ metadata }: KubeObject): string {
  return keyOf(metadata.namespace ?? '', metadata.name);
}

function scoped(objects: ReadonlyMap<string, KubeObject>, namespace: string): KubeObject[] {
  const all = [...objects.values()];
  return namespace === '' ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
}

function sorted(objects: KubeObject[]): KubeObject[] {
  const keyed = objects.map((object) => ({ key: keyOfObject(object), object }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : 1));
  return keyed.map(({ object }) => object);
}
