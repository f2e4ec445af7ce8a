/** Audit entry and event of every change of a cluster, in the change's own transaction. */
import { Injectable } from '@nestjs/common';
import { type AuditActor, type AuditChanges, AuditLog } from '../audit/audit-log.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from '../events/outbox.js';
import type { ClusterRow, GrantRow } from './cluster-row.js';

@Injectable()
export class ClusterAnnouncements {
  constructor(
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  async created(tx: Tx, actor: AuditActor, row: ClusterRow): Promise<void> {
    const { name, server, insecureSkipVerify } = row;
    const changes = {
      name: { after: name },
      server: { after: server },
      insecureSkipVerify: { after: insecureSkipVerify },
    };
    await this.#record(tx, actor, { verb: 'create', row, changes });
    await this.publish(tx, 'created', row);
  }

  async updated(
    tx: Tx,
    change: { actor: AuditActor; before: ClusterRow; after: ClusterRow; newAccess: boolean },
  ): Promise<void> {
    const { actor, before, after, newAccess } = change;
    const labels =
      JSON.stringify(before.labels) === JSON.stringify(after.labels)
        ? {}
        : { labels: { before: before.labels, after: after.labels } };
    const access = newAccess
      ? {
          server: { before: before.server, after: after.server },
          access: { before: 'replaced', after: after.accessKind },
          insecureSkipVerify: {
            before: before.insecureSkipVerify,
            after: after.insecureSkipVerify,
          },
        }
      : {};
    await this.#record(tx, actor, {
      verb: 'update',
      row: after,
      changes: { ...labels, ...access },
    });
    await this.publish(tx, 'updated', after);
  }

  async removing(tx: Tx, actor: AuditActor, row: ClusterRow): Promise<void> {
    const changes = { state: { before: 'active', after: 'removing' } };
    await this.#record(tx, actor, { verb: 'remove', row, changes });
    await this.publish(tx, 'updated', row);
  }

  async forgotten(tx: Tx, actor: AuditActor, row: ClusterRow): Promise<void> {
    await this.#record(tx, actor, { verb: 'forget', row, changes: {} });
    await this.publish(tx, 'deleted', row);
  }

  async granted(
    tx: Tx,
    change: {
      actor: AuditActor;
      row: ClusterRow;
      before: readonly GrantRow[];
      after: readonly GrantRow[];
    },
  ): Promise<void> {
    const { actor, row } = change;
    const words = (grants: readonly GrantRow[]) =>
      Object.fromEntries(grants.map((grant) => [grant.environmentName, grant.namespaces]));
    const changes = { grants: { before: words(change.before), after: words(change.after) } };
    await this.#record(tx, actor, { verb: 'grant', row, changes });
    await this.publish(tx, 'updated', row);
  }

  async publish(tx: Tx, kind: 'created' | 'updated' | 'deleted', row: ClusterRow): Promise<void> {
    const { id, version } = row;
    await this.outbox.publish(tx, { topic: 'clusters', kind, id, clusterId: id, version });
  }

  async #record(
    tx: Tx,
    actor: AuditActor,
    entry: { verb: string; row: ClusterRow; changes: AuditChanges },
  ): Promise<void> {
    const { id, name } = entry.row;
    await this.audit.record(tx, {
      actor,
      action: `cluster.${entry.verb}`,
      object: { kind: 'cluster', id, name },
      environmentId: null,
      changes: entry.changes,
    });
  }
}
