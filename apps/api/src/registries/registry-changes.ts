import { Injectable } from '@nestjs/common';
import { type AuditActor, type AuditChanges, AuditLog, changedFields } from '../audit/audit-log.js';
import type { EnvironmentScope } from '../auth/actor.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from '../events/outbox.js';
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
  readonly verb: 'create' | 'update' | 'enable' | 'disable' | 'delete';
  readonly row: RegistryRow;
  readonly changes?: AuditChanges;
}

/** Writes the audit entry and the announcement of a change, in the transaction of the change. */
@Injectable()
export class RegistryChanges {
  constructor(
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  async announce(
    tx: Tx,
    actor: AuditActor,
    scope: EnvironmentScope,
    { verb, row, changes }: RegistryEvent,
  ): Promise<void> {
    await this.audit.record(tx, {
      actor,
      action: `registry.${verb}`,
      object: { kind: 'registry', id: row.id, name: row.address },
      environmentId: scope.environmentId,
      changes: changes ?? {},
    });
    const kind = verb === 'create' ? 'created' : verb === 'delete' ? 'deleted' : 'updated';
    await this.outbox.publish(tx, {
      topic: 'registries',
      kind,
      id: row.id,
      environmentId: scope.environmentId,
      version: row.version,
    });
  }
}
