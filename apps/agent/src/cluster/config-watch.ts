/** Keeps the newest node config at hand and says when it changes. */
import { agentPlace } from '@moorage/core';
import { resourcePath, type SecretObject, WatchCache } from '@moorage/kube';
import { type DesiredConfig, desiredConfigOf, noConfig } from '../desired-config.js';
import type { Log } from '../log.js';
import type { ApiConnection } from './api-connection.js';

export class ConfigWatch {
  #cache: WatchCache<DesiredConfig, SecretObject> | null = null;
  #isSynced = false;
  #newest: DesiredConfig = noConfig;

  constructor(
    private readonly api: ApiConnection,
    private readonly log: Log,
    private readonly onChange: () => void,
  ) {}

  /** Null until the API server has said what there is; after that the newest that it said. */
  get current(): DesiredConfig | null {
    return this.#isSynced ? this.#newest : null;
  }

  /** Begins, or begins anew with a client that has another token. */
  start(): void {
    this.#cache?.close();
    const cache: WatchCache<DesiredConfig, SecretObject> = new WatchCache(this.api.client, {
      name: 'node-config',
      path: resourcePath.secrets(agentPlace.namespace),
      // Also what the account is allowed: list and watch of this one name.
      fieldSelector: `metadata.name=${agentPlace.secret}`,
      slim: desiredConfigOf,
      onChange: (_, config) => {
        if (this.#cache !== cache) return;
        this.#newest = config ?? noConfig;
        if (this.#isSynced) this.onChange();
      },
      onState: (state, error) => {
        if (state === 'retrying') {
          this.log.warn('the node config cannot be watched', { reason: error?.reason ?? null });
        }
      },
    });
    this.#cache = cache;
    cache.start();
    cache.synced.then(
      () => {
        if (this.#cache !== cache) return;
        if (cache.items.size === 0) this.#newest = noConfig;
        this.#isSynced = true;
        this.onChange();
      },
      () => {
        // Closed before its first list: a newer one took its place, or the agent ends.
      },
    );
  }

  stop(): void {
    this.#cache?.close();
    this.#cache = null;
  }
}
