import type { KubeObject } from './objects.js';
import type { ListedItem } from './versioned-items.js';

export interface ObjectIdentity {
  readonly key: string;
  readonly resourceVersion: string;
}

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

  /** Which object it is, and of which version, without reading the rest of it. */
  identify(object: O): ObjectIdentity | null {
    return this.#attempt(() => {
      const { resourceVersion } = object.metadata;
      return resourceVersion === undefined ? null : { key: this.#keyOf(object), resourceVersion };
    });
  }

  /** The whole of it. */
  read(object: O, { key, resourceVersion }: ObjectIdentity): ListedItem<T> | null {
    return this.#attempt(() => ({ key, resourceVersion, item: this.#slim(object) }));
  }

  #attempt<R>(part: () => R): R | null {
    try {
      return part();
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
