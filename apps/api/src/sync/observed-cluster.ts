/**
 * A cluster as it is: three watch caches (namespaces, our Secrets by their marks, service accounts)
 * and what stands in one namespace. Replies of our own writes are put in at once, so that the next
 * plan does not wait for their events.
 */
import {
  type NamespaceView,
  type ObservedSecret,
  type ObservedServiceAccount,
  SYNC_MARKS,
} from '@moorage/core';
import {
  type KubeClient,
  type KubeError,
  type NamespaceObject,
  resourcePath,
  type SecretObject,
  type ServiceAccountObject,
  WatchCache,
  type WatchState,
} from '@moorage/kube';
import { NamesByNamespace } from './names-by-namespace.js';
import {
  type ContentHash,
  type SlimNamespace,
  slimNamespace,
  slimSecret,
  slimServiceAccount,
} from './slim-objects.js';

export interface ObservedClusterOptions {
  readonly installationId: string;
  readonly contentHash: ContentHash;
  /** Something in this namespace changed after the first complete picture. */
  readonly onChange: (namespace: string) => void;
  /** News of one of the watches, by its name. */
  readonly onState: (watch: string, state: WatchState, error: KubeError | null) => void;
}

/** A cluster as it is at one moment: live here, or read once for a plan. */
export interface ClusterPicture {
  namespaces(): Iterable<SlimNamespace>;
  /** Null when there is no such namespace. */
  view(name: string): ObservedView | null;
}

export type ObservedView = Pick<NamespaceView, 'secrets' | 'serviceAccounts'> & {
  readonly namespace: SlimNamespace;
};

export class ObservedCluster implements ClusterPicture {
  readonly #client: KubeClient;
  readonly #options: ObservedClusterOptions;
  readonly #namespaces: WatchCache<SlimNamespace, NamespaceObject>;
  readonly #secrets: WatchCache<ObservedSecret, SecretObject>;
  #accounts: WatchCache<ObservedServiceAccount, ServiceAccountObject>;
  #accountsAreAll = false;
  readonly #secretNames = new NamesByNamespace();
  #accountNames = new NamesByNamespace();
  /** UIDs of what we deleted, by key, until the event comes. */
  readonly #gone = new Map<string, string>();
  #signal: AbortSignal | null = null;
  #live = false;

  constructor(client: KubeClient, options: ObservedClusterOptions) {
    this.#client = client;
    this.#options = options;
    this.#namespaces = this.#watchNamespaces();
    this.#secrets = this.#watchSecrets();
    this.#accounts = this.#watchAccounts(false, this.#accountNames);
  }

  /** Resolves when the first picture is complete. */
  async start(signal: AbortSignal, allAccounts: boolean): Promise<void> {
    this.#signal = signal;
    if (allAccounts) {
      this.#accounts = this.#watchAccounts(true, this.#accountNames);
      this.#accountsAreAll = true;
    }
    const caches = [this.#namespaces, this.#secrets, this.#accounts];
    for (const cache of caches) cache.start(signal);
    await Promise.all(caches.map((cache) => cache.synced));
    this.#live = true;
  }

  /** Looks at every service account from now on, not only at `default`. */
  async widenAccounts(): Promise<void> {
    if (this.#accountsAreAll || this.#signal === null) return;
    const names = new NamesByNamespace();
    const wider = this.#watchAccounts(true, names);
    this.#accountsAreAll = true;
    wider.start(this.#signal);
    await wider.synced;
    this.#accounts.close();
    this.#accounts = wider;
    this.#accountNames = names;
  }

  get seesAllAccounts(): boolean {
    return this.#accountsAreAll;
  }

  namespaceNames(): Iterable<string> {
    return this.#namespaces.items.keys();
  }

  namespace(name: string): SlimNamespace | undefined {
    return this.#namespaces.items.get(name);
  }

  namespaces(): Iterable<SlimNamespace> {
    return this.#namespaces.items.values();
  }

  /** Null when there is no such namespace. */
  view(name: string): ObservedView | null {
    const namespace = this.#namespaces.items.get(name);
    if (namespace === undefined) return null;
    return {
      namespace,
      secrets: this.secretsIn(name),
      serviceAccounts: this.#accountNames
        .in(name)
        .flatMap((account) => this.#accounts.items.get(`${name}/${account}`) ?? []),
    };
  }

  secretsIn(namespace: string): readonly ObservedSecret[] {
    return this.#secretNames.in(namespace).flatMap((name) => {
      const secret = this.#secrets.items.get(`${namespace}/${name}`);
      const isGone = this.#gone.get(`${namespace}/${name}`) === secret?.uid;
      return secret === undefined || isGone ? [] : [secret];
    });
  }

  serviceAccount(namespace: string, name: string): ObservedServiceAccount | undefined {
    return this.#accounts.items.get(`${namespace}/${name}`);
  }

  absorbSecret(object: SecretObject): void {
    this.#secrets.absorb(object);
    const { namespace, name } = object.metadata;
    if (namespace !== undefined && this.#secrets.items.has(`${namespace}/${name}`)) {
      this.#secretNames.add(namespace, name);
    }
  }

  absorbAccount(object: ServiceAccountObject): void {
    this.#accounts.absorb(object);
  }

  absorbDeletion(namespace: string, { name, uid }: { name: string; uid: string }): void {
    const key = `${namespace}/${name}`;
    if (this.#secrets.items.has(key)) this.#gone.set(key, uid);
  }

  /** Whether the picture is complete now; it may be a little old. */
  get isComplete(): boolean {
    return this.#live;
  }

  close(): void {
    for (const cache of [this.#namespaces, this.#secrets, this.#accounts]) cache.close();
  }

  #watchNamespaces() {
    return new WatchCache<SlimNamespace, NamespaceObject>(this.#client, {
      name: 'namespaces',
      path: resourcePath.namespaces(),
      slim: slimNamespace,
      onChange: (name) => this.#changed(name),
      onState: (state, error) => this.#options.onState('namespaces', state, error),
    });
  }

  #watchSecrets() {
    const { installationId, contentHash } = this.#options;
    return new WatchCache<ObservedSecret, SecretObject>(this.#client, {
      name: 'secrets',
      path: resourcePath.secrets(),
      labelSelector: `${SYNC_MARKS.managedByLabel}=${SYNC_MARKS.managedBy},${SYNC_MARKS.installationLabel}=${installationId}`,
      slim: (object) => slimSecret(object, contentHash),
      onState: (state, error) => this.#options.onState('secrets', state, error),
      onChange: (key, item) => {
        const [namespace, name] = splitKey(key);
        if (item === undefined) this.#secretNames.remove(namespace, name);
        else this.#secretNames.add(namespace, name);
        this.#gone.delete(key);
        this.#changed(namespace);
      },
    });
  }

  #watchAccounts(all: boolean, names: NamesByNamespace) {
    return new WatchCache<ObservedServiceAccount, ServiceAccountObject>(this.#client, {
      name: 'service accounts',
      path: resourcePath.serviceAccounts(),
      ...(all ? {} : { fieldSelector: 'metadata.name=default' }),
      slim: slimServiceAccount,
      onState: (state, error) => this.#options.onState('service accounts', state, error),
      onChange: (key, item) => {
        const [namespace, name] = splitKey(key);
        if (item === undefined) names.remove(namespace, name);
        else names.add(namespace, name);
        this.#changed(namespace);
      },
    });
  }

  #changed(namespace: string): void {
    if (this.#live) this.#options.onChange(namespace);
  }
}

function splitKey(key: string): [string, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
