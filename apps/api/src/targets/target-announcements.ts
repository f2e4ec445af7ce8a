/** Audit entry and event of every change of a target, in the change's own transaction. */
import { Injectable } from '@nestjs/common';
import { type AuditActor, type AuditChanges, AuditLog } from '../audit/audit-log.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from '../events/outbox.js';
import type { TargetRow, TargetSettings } from './target-row.js';

const SHOWN = [
  'include',
  'exclude',
  'matchLabels',
  'serviceAccounts',
  'serviceAccountNames',
  'secretName',
  'attach',
  'nodeConfigEnabled',
  'nodeConfigDistribution',
] as const satisfies readonly (keyof TargetSettings)[];

@Injectable()
export class TargetAnnouncements {
  constructor(
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  async created(tx: Tx, actor: AuditActor, row: TargetRow): Promise<void> {
    const changes = Object.fromEntries(SHOWN.map((field) => [field, { after: row[field] }]));
    await this.#record(tx, actor, { verb: 'create', row, changes });
    await this.publish(tx, 'created', row);
  }

  async updated(
    tx: Tx,
    change: { actor: AuditActor; before: TargetRow; after: TargetRow },
  ): Promise<void> {
    const { actor, before, after } = change;
    const differs = (field: (typeof SHOWN)[number]) =>
      JSON.stringify(before[field]) !== JSON.stringify(after[field]);
    const changes = Object.fromEntries(
      SHOWN.filter(differs).map((field) => [field, { before: before[field], after: after[field] }]),
    );
    await this.#record(tx, actor, { verb: 'update', row: after, changes });
    await this.publish(tx, 'updated', after);
  }

  async removing(tx: Tx, actor: AuditActor, row: TargetRow): Promise<void> {
    const changes = { state: { before: 'active', after: 'removing' } };
    await this.#record(tx, actor, { verb: 'remove', row, changes });
    await this.publish(tx, 'updated', row);
  }

  async decided(
    tx: Tx,
    actor: AuditActor,
    decision: { row: TargetRow; namespace: string; choice: string },
  ): Promise<void> {
    const { row, namespace, choice } = decision;
    const changes = { [namespace]: { after: choice } };
    await this.#record(tx, actor, { verb: 'decide-conflict', row, changes });
    await this.publish(tx, 'updated', row);
  }

  /** With a version: sync looks at the target now. */
  async publish(tx: Tx, kind: 'created' | 'updated', row: TargetRow): Promise<void> {
    const { id, environmentId, clusterId, version } = row;
    await this.outbox.publish(tx, {
      topic: 'targets',
      kind,
      id,
      environmentId,
      clusterId,
      version,
    });
  }

  async #record(
    tx: Tx,
    actor: AuditActor,
    entry: { verb: string; row: TargetRow; changes: AuditChanges },
  ): Promise<void> {
    const { row } = entry;
    await this.audit.record(tx, {
      actor,
      action: `target.${entry.verb}`,
      object: { kind: 'target', id: row.id, name: `${row.clusterName}/${row.secretName}` },
      environmentId: row.environmentId,
      changes: entry.changes,
    });
  }
}
