/**
 * Moves removals on: targets follow their environment or cluster out, and these are deleted when
 * their last target has been cleaned. Every step is one statement that any replica may repeat.
 */
import { Injectable } from '@nestjs/common';
import { AuditLog, systemActor } from '../audit/audit-log.js';
import { Database } from '../database/database.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { Outbox } from '../events/outbox.js';
import { SyncRepository } from './sync.repository.js';

@Injectable()
export class Removals {
  constructor(
    private readonly database: Database,
    private readonly repository: SyncRepository,
    private readonly environments: EnvironmentsService,
    private readonly announcements: RemovalAnnouncements,
  ) {}

  async advance(): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const target of await this.repository.startRemovingTargets(tx)) {
        await this.announcements.targetLeaves(tx, target);
      }
      for (const cluster of await this.repository.deleteCleanedClusters(tx)) {
        await this.announcements.clusterGone(tx, cluster);
      }
    });
    await this.environments.finishRemovals();
  }
}

@Injectable()
export class RemovalAnnouncements {
  constructor(
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  async targetLeaves(
    tx: Parameters<Outbox['publish']>[0],
    target: { id: string; environmentId: string; clusterId: string; version: number },
  ): Promise<void> {
    await this.outbox.publish(tx, { topic: 'targets', kind: 'updated', ...target });
  }

  async clusterGone(
    tx: Parameters<Outbox['publish']>[0],
    { id, name }: { id: string; name: string },
  ): Promise<void> {
    await this.audit.record(tx, {
      actor: systemActor('cluster removal'),
      action: 'cluster.delete',
      object: { kind: 'cluster', id, name },
      environmentId: null,
    });
    await this.outbox.publish(tx, { topic: 'clusters', kind: 'deleted', id, clusterId: id });
  }
}
