/** The only way to a cluster: opens its sealed access and dials under the address policy. */
import { createHash } from 'node:crypto';
import { type AllowedNetworks, parseAllowedNetworks } from '@moorage/core';
import { KubeClient, type KubeClientHooks } from '@moorage/kube';
import { Injectable } from '@nestjs/common';
import { Env } from '../config/env.js';
import { VERSION } from '../config/version.js';
import { SecretBox } from '../sealing/secret-box.js';
import type { StoredAccess } from './cluster-row.js';
import { ClustersRepository } from './clusters.repository.js';
import { openAccess } from './sealed-access.js';

export interface ClusterConnection {
  readonly client: KubeClient;
  /** Changes when the access does. */
  readonly accessTag: string;
}

export type ClusterComponent =
  | 'sync'
  | 'check'
  | 'plan'
  | 'workloads'
  | 'images'
  | 'policies'
  | 'nodes';

export interface ConnectionOptions {
  readonly timeoutMs?: number;
  readonly observe?: KubeClientHooks;
}

@Injectable()
export class ClusterConnections {
  readonly #allowed: AllowedNetworks;

  constructor(
    private readonly repository: ClustersRepository,
    private readonly secretBox: SecretBox,
    env: Env,
  ) {
    const allowed = parseAllowedNetworks(env.allowedNetworks.join(','));
    if (!allowed.ok) throw new Error(`MOORAGE_ALLOWED_NETWORKS: ${allowed.error.detail}`);
    this.#allowed = allowed.value;
  }

  /** Undefined when there is no such cluster. Close the client after use. */
  async open(
    clusterId: string,
    component: ClusterComponent,
    options: ConnectionOptions = {},
  ): Promise<ClusterConnection | undefined> {
    const stored = await this.repository.loadAccess(clusterId);
    if (stored === undefined) return undefined;
    const client = new KubeClient(openAccess(this.secretBox, clusterId, stored), {
      userAgent: `moorage/${VERSION} (${component})`,
      // The built-in sandbox listens on loopback, at an address that only we can have written.
      dialPolicy: stored.accessKind === 'simulated' ? null : { allowed: this.#allowed },
      ...(options.timeoutMs === undefined ? {} : { requestTimeoutMs: options.timeoutMs }),
      ...(options.observe === undefined ? {} : { observe: options.observe }),
    });
    return { client, accessTag: tagOf(stored) };
  }

  /** What `accessTag` would be now; undefined when there is no such cluster. */
  async accessTag(clusterId: string): Promise<string | undefined> {
    const stored = await this.repository.loadAccess(clusterId);
    return stored === undefined ? undefined : tagOf(stored);
  }

  /** Opens for one piece of work and closes after it. Undefined when there is no such cluster. */
  async use<T>(
    clusterId: string,
    component: ClusterComponent,
    work: (client: KubeClient) => Promise<T>,
  ): Promise<T | undefined> {
    // Somebody waits in front of a screen: ten seconds, as browsers' own patience ends soon after.
    const connection = await this.open(clusterId, component, { timeoutMs: 10_000 });
    if (connection === undefined) return undefined;
    try {
      return await work(connection.client);
    } finally {
      await connection.client.close();
    }
  }
}

function tagOf(stored: StoredAccess): string {
  const hash = createHash('sha256').update(stored.sealed ?? '');
  const { server, caCertificate, tlsServerName, insecureSkipVerify, clientCertificate } = stored;
  hash.update(
    JSON.stringify([server, caCertificate, tlsServerName, insecureSkipVerify, clientCertificate]),
  );
  return hash.digest('base64');
}
