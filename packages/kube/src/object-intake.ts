/**
 * What comes in about the objects of one selection: events, lists and replies of our own writes.
 * Most of it is known already (a write is seen twice, in its reply and in its event; a list finds
 * nearly everything as it was), so the version is looked at first, and only news is read.
 */
import type { ObjectIdentity, ObjectReader } from './object-reader.js';
import type { KubeObject } from './objects.js';
import type { ListedItem, VersionedItems } from './versioned-items.js';
import type { WatchEvent } from './watch-event.js';

export class ObjectIntake<T, O extends KubeObject> {
  readonly #reader: ObjectReader<T, O>;
  readonly #held: VersionedItems<T>;

  constructor(reader: ObjectReader<T, O>, held: VersionedItems<T>) {
    this.#reader = reader;
    this.#held = held;
  }

  take(event: Exclude<WatchEvent, { type: 'error' }>): void {
    const { resourceVersion } = event;
    if (event.type === 'bookmark') {
      this.#held.advance(resourceVersion);
      return;
    }
    // The path decides the kind; `slim` is the one that reads it, and may refuse.
    const object = event.object as O;
    const identity = this.#newsOf(object);
    if (identity !== null && event.type === 'gone') {
      this.#held.apply(identity.key, undefined, resourceVersion);
      return;
    }
    const read = identity === null ? null : this.#reader.read(object, identity);
    if (read === null) this.#held.advance(resourceVersion);
    else this.#held.apply(read.key, read.item, resourceVersion);
  }

  absorb(object: O): void {
    const identity = this.#newsOf(object);
    const read = identity === null ? null : this.#reader.read(object, identity);
    if (read !== null) this.#held.absorb(read.key, read.item, read.resourceVersion);
  }

  /** An object of a list; null when it cannot be read. */
  readListed(object: O): ListedItem<T> | null {
    const identity = this.#reader.identify(object);
    if (identity === null) return null;
    const item = this.#held.heldAt(identity.key, identity.resourceVersion);
    return item === undefined ? this.#reader.read(object, identity) : { ...identity, item };
  }

  /** Null for what is known already, and for what cannot be told. */
  #newsOf(object: O): ObjectIdentity | null {
    const identity = this.#reader.identify(object);
    if (identity === null) return null;
    return this.#held.isKnown(identity.key, identity.resourceVersion) ? null : identity;
  }
}
