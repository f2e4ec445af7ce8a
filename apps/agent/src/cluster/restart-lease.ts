/** The one Lease for restarts, read and written under the version that was read. */
import {
  agentPlace,
  decodeRestartLease,
  encodeRestartLease,
  type ReadLease,
  type RestartLease,
} from '@moorage/core';
import { isKubeError, type KubeObject, resourcePath } from '@moorage/kube';
import type { ApiConnection } from './api-connection.js';

const group = 'coordination.k8s.io/v1';
const all = resourcePath.of(group, 'leases', agentPlace.namespace);
const one = resourcePath.of(group, 'leases', agentPlace.namespace, agentPlace.lease);

export class RestartLeaseFile {
  constructor(private readonly api: ApiConnection) {}

  async read(): Promise<ReadLease | null> {
    try {
      return decodeRestartLease(await this.api.client.get<KubeObject>(one));
    } catch (error) {
      if (isKubeError(error, 'NotFound')) return null;
      throw error;
    }
  }

  /** False when somebody else was faster. */
  async write(lease: RestartLease, read: ReadLease | null): Promise<boolean> {
    const body = encodeRestartLease(lease, read?.resourceVersion ?? null);
    try {
      if (read === null) await this.api.client.create<KubeObject>(all, body);
      else await this.api.client.replace<KubeObject>(one, body);
      return true;
    } catch (error) {
      const lost = ['Conflict', 'AlreadyExists', 'NotFound'] as const;
      if (lost.some((reason) => isKubeError(error, reason))) return false;
      throw error;
    }
  }
}
