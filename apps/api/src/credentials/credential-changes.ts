import { Injectable } from '@nestjs/common';
import { type AuditActor, type AuditChanges, AuditLog } from '../audit/audit-log.js';
import type { EnvironmentScope } from '../auth/actor.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from '../events/outbox.js';
import type { CredentialRow, OwnerRow } from './credentials.repository.js';

export interface CredentialEvent {
  readonly verb: 'create' | 'update' | 'enable' | 'disable' | 'delete';
  readonly owner: Pick<OwnerRow, 'id' | 'address'>;
  readonly row: CredentialRow;
  readonly changes?: AuditChanges;
}

/** Writes the audit entry and the announcement of a change, in the transaction of the change. */
@Injectable()
export class CredentialChanges {
  constructor(
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  async announce(
    tx: Tx,
    actor: AuditActor,
    scope: EnvironmentScope,
    { verb, owner, row, changes }: CredentialEvent,
  ): Promise<void> {
    const place = row.scope === '' ? owner.address : `${owner.address}/${row.scope}`;
    await this.audit.record(tx, {
      actor,
      action: `credential.${verb}`,
      object: { kind: 'credential', id: row.id, name: `${row.username} on ${place}` },
      environmentId: scope.environmentId,
      changes: changes ?? {},
    });
    const kind = verb === 'create' ? 'created' : verb === 'delete' ? 'deleted' : 'updated';
    await this.outbox.publish(tx, {
      topic: 'credentials',
      kind,
      id: row.id,
      environmentId: scope.environmentId,
      version: row.version,
    });
  }
}
