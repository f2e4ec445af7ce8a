import { Injectable } from '@nestjs/common';
import { AuditLog, systemActor } from '../audit/audit-log.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from '../events/outbox.js';

/** Audit entry and event of what removals move on. */
@Injectable()
export class RemovalAnnouncements {
  constructor(
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  async targetLeaves(
    tx: Tx,
    target: { id: string; environmentId: string; clusterId: string; version: number },
  ): Promise<void> {
    await this.outbox.publish(tx, { topic: 'targets', kind: 'updated', ...target });
  }

  async clusterGone(tx: Tx, { id, name }: { id: string; name: string }): Promise<void> {
    await this.audit.record(tx, {
      actor: systemActor('cluster removal'),
      action: 'cluster.delete',
      object: { kind: 'cluster', id, name },
      environmentId: null,
    });
    await this.outbox.publish(tx, { topic: 'clusters', kind: 'deleted', id, clusterId: id });
  }
}
