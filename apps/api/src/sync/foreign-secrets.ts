/**
 * Secrets of a name that we want and that are not ours. Our watch sees only what carries our marks,
 * so these become known by a refused create; one list over all namespaces per name, asking for
 * metadata only, tells from time to time whether they are still there.
 */
import { type ForeignSecret, SYNC_MARKS } from '@moorage/core';
import { type KubeClient, type KubeObject, resourcePath } from '@moorage/kube';

const NONE: ReadonlyMap<string, ForeignSecret> = new Map();

export class ForeignSecrets {
  readonly #byNamespace = new Map<string, Map<string, ForeignSecret>>();

  constructor(
    private readonly client: KubeClient,
    private readonly installationId: string,
  ) {}

  in(namespace: string): ReadonlyMap<string, ForeignSecret> {
    return this.#byNamespace.get(namespace) ?? NONE;
  }

  get isEmpty(): boolean {
    return this.#byNamespace.size === 0;
  }

  forgetNamespace(namespace: string): void {
    this.#byNamespace.delete(namespace);
  }

  /** After "already exists": whose it is. `ours` = our own, of which the watch has not told yet. */
  async look(namespace: string, name: string): Promise<'foreign' | 'ours' | 'absent'> {
    const found = await this.client.list(resourcePath.secrets(namespace), {
      fieldSelector: `metadata.name=${name}`,
      projection: 'metadata',
    });
    const object = found.items[0];
    if (object === undefined) return 'absent';
    if (this.#isOurs(object)) return 'ours';
    this.#remember(namespace, object);
    return 'foreign';
  }

  /** Asks again for every known one; returns the namespaces in which something changed. */
  async recheck(): Promise<ReadonlySet<string>> {
    const before = this.#versions();
    const names = new Set([...this.#byNamespace.values()].flatMap((found) => [...found.keys()]));
    const now = new Map<string, Map<string, ForeignSecret>>();
    for (const name of names) {
      for (const object of await this.#listEverywhere(name)) {
        const { namespace } = object.metadata;
        if (namespace === undefined || this.#isOurs(object)) continue;
        if (!this.#byNamespace.get(namespace)?.has(name)) continue;
        const found = now.get(namespace) ?? new Map<string, ForeignSecret>();
        now.set(namespace, found.set(name, foreignOf(object)));
      }
    }
    this.#byNamespace.clear();
    for (const [namespace, found] of now) this.#byNamespace.set(namespace, found);
    const after = this.#versions();
    return new Set([...before.keys()].filter((key) => before.get(key) !== after.get(key)));
  }

  async #listEverywhere(name: string): Promise<readonly KubeObject[]> {
    const list = await this.client.list(resourcePath.secrets(), {
      fieldSelector: `metadata.name=${name}`,
      projection: 'metadata',
    });
    return list.items;
  }

  #versions(): ReadonlyMap<string, string> {
    const text = (found: ReadonlyMap<string, ForeignSecret>): string =>
      [...found]
        .map(([name, { uid, resourceVersion }]) => `${name} ${uid} ${resourceVersion}`)
        .join();
    return new Map([...this.#byNamespace].map(([namespace, found]) => [namespace, text(found)]));
  }

  #remember(namespace: string, object: KubeObject): void {
    const found = this.#byNamespace.get(namespace) ?? new Map<string, ForeignSecret>();
    this.#byNamespace.set(namespace, found.set(object.metadata.name, foreignOf(object)));
  }

  #isOurs({ metadata }: KubeObject): boolean {
    return (
      metadata.labels?.[SYNC_MARKS.managedByLabel] === SYNC_MARKS.managedBy &&
      metadata.labels[SYNC_MARKS.installationLabel] === this.installationId
    );
  }
}

function foreignOf({ metadata }: KubeObject): ForeignSecret {
  return { uid: metadata.uid ?? '', resourceVersion: metadata.resourceVersion ?? '' };
}
