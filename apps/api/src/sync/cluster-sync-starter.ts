import { Inject, Injectable } from '@nestjs/common';
import { ClusterConnections } from '../clusters/cluster-connections.js';
import { LOG, type Log } from '../config/log.js';
import { ClusterStores } from './cluster-stores.js';
import { ClusterSync } from './cluster-sync.js';
import type { Lease } from './lease.js';
import { SyncIdentity } from './sync-identity.js';

/** Opens a cluster and puts its reconciler together. */
@Injectable()
export class ClusterSyncStarter {
  constructor(
    private readonly connections: ClusterConnections,
    private readonly stores: ClusterStores,
    private readonly identity: SyncIdentity,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Undefined when the cluster is gone. */
  async start(lease: Lease): Promise<{ sync: ClusterSync; accessTag: string } | undefined> {
    const connection = await this.connections.open(lease.clusterId, 'sync');
    if (connection === undefined) return undefined;
    const sync = new ClusterSync({
      lease,
      client: connection.client,
      store: this.stores.of(lease),
      installationId: this.identity.installationId,
      contentHash: (bytes) => this.identity.contentHash(bytes),
      log: this.log.child({ clusterId: lease.clusterId }),
    });
    return { sync, accessTag: connection.accessTag };
  }

  accessTag(clusterId: string): Promise<string | undefined> {
    return this.connections.accessTag(clusterId);
  }
}
