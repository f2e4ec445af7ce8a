import { Injectable } from '@nestjs/common';
import type { AuditActor, AuditChanges } from '../audit/audit-log.js';
import type { EnvironmentScope } from '../auth/actor.js';
import type { Tx } from '../database/transaction.js';
import { ChangeRecorder, type Verb } from '../events/change-recorder.js';
import type { CredentialRow, OwnerRow } from './credentials.repository.js';

export interface CredentialEvent {
  readonly verb: Verb;
  readonly owner: Pick<OwnerRow, 'id' | 'address'>;
  readonly row: CredentialRow;
  readonly changes?: AuditChanges;
}

/** Writes the audit entry and the announcement of a change, in the transaction of the change. */
@Injectable()
export class CredentialChanges {
  constructor(private readonly recorder: ChangeRecorder) {}

  announce(
    tx: Tx,
    actor: AuditActor,
    scope: EnvironmentScope,
    { verb, owner, row, changes }: CredentialEvent,
  ): Promise<void> {
    const place = row.scope === '' ? owner.address : `${owner.address}/${row.scope}`;
    return this.recorder.record(tx, {
      actor,
      topic: 'credentials',
      noun: 'credential',
      verb,
      object: { id: row.id, name: `${row.username} on ${place}` },
      environmentId: scope.environmentId,
      version: row.version,
      changes: changes ?? {},
    });
  }
}
