import { Injectable } from '@nestjs/common';
import { type AuditActor, type AuditChanges, changedFields } from '../audit/audit-log.js';
import type { EnvironmentScope } from '../auth/actor.js';
import type { Tx } from '../database/transaction.js';
import { ChangeRecorder, type Verb } from '../events/change-recorder.js';
import type { RegistryRow } from './registries.repository.js';
import type { CheckedConnection } from './registry-connection.js';

/** The fields of a registry that can be changed, without its key. */
export type RegistryFields = Pick<
  RegistryRow,
  'provider' | 'name' | 'description' | 'deliver' | keyof Omit<CheckedConnection, 'clientKey'>
>;

/** What an update changes; empty when it changes nothing. The key is told as "changed" or "removed". */
export function describeUpdate(
  before: RegistryFields,
  after: RegistryFields,
  clientKey: CheckedConnection['clientKey'],
): AuditChanges {
  return {
    ...changedFields(fieldsOf(before), fieldsOf(after)),
    ...(clientKey === undefined ? {} : { clientKey: { after: clientKey ?? 'removed' } }),
  };
}

function fieldsOf(row: RegistryFields) {
  const { provider, name, description, deliver, scheme, insecureSkipVerify } = row;
  const { caCertificate, clientCertificate } = row;
  return {
    provider,
    name,
    description,
    deliver,
    scheme,
    insecureSkipVerify,
    caCertificate,
    clientCertificate,
  };
}

export interface RegistryEvent {
  readonly verb: Verb;
  readonly row: RegistryRow;
  readonly changes?: AuditChanges;
}

/** Writes the audit entry and the announcement of a change, in the transaction of the change. */
@Injectable()
export class RegistryChanges {
  constructor(private readonly recorder: ChangeRecorder) {}

  announce(
    tx: Tx,
    actor: AuditActor,
    scope: EnvironmentScope,
    { verb, row, changes }: RegistryEvent,
  ): Promise<void> {
    return this.recorder.record(tx, {
      actor,
      topic: 'registries',
      noun: 'registry',
      verb,
      object: { id: row.id, name: row.address },
      environmentId: scope.environmentId,
      version: row.version,
      changes: changes ?? {},
    });
  }
}
