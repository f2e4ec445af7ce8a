import type { KubeObject } from './objects.js';
import type { ListedItem } from './versioned-items.js';

/** Takes from an object what its owner keeps. */
export class ObjectReader<T, O extends KubeObject> {
  readonly #slim: (object: O) => T;
  readonly #keyOf: (object: O) => string;
  #unreadable = 0;

  constructor(slim: (object: O) => T, keyOf: ((object: O) => string) | undefined) {
    this.#slim = slim;
    this.#keyOf = keyOf ?? defaultKey;
  }

  /** Objects that could not be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  read(object: O): ListedItem<T> | null {
    try {
      const { resourceVersion } = object.metadata;
      if (resourceVersion === undefined) return null;
      return { key: this.#keyOf(object), item: this.#slim(object), resourceVersion };
    } catch {
      // A forged or unknown shape from the cluster must not stop the watch; it is counted.
      this.#unreadable += 1;
      return null;
    }
  }
}

function defaultKey(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
