import type { EventTopic } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import {
  type AuditActor,
  type AuditChanges,
  auditValues,
  INSERT_AUDIT_ENTRY,
} from '../audit/audit-log.js';
import type { Tx } from '../database/transaction.js';
import { insertOutbox, outboxValues } from './outbox.js';

const KINDS = {
  create: 'created',
  update: 'updated',
  enable: 'updated',
  disable: 'updated',
  delete: 'deleted',
} as const;
export type Verb = keyof typeof KINDS;

export interface RecordedChange {
  readonly actor: AuditActor;
  readonly topic: EventTopic;
  /** of the audit's action and object, e.g. `user` */
  readonly noun: string;
  readonly verb: Verb;
  readonly object: { readonly id: string; readonly name: string };
  readonly environmentId: string | null;
  readonly version: number | null;
  readonly changes: AuditChanges;
}

// With almost every write: one statement for both rows, and named, so that Postgres keeps its plan.
const INSERT_BOTH = {
  name: 'insert-audit-entry-and-outbox',
  text: `with entry as (${INSERT_AUDIT_ENTRY}) ${insertOutbox(12)}`,
};

/** Audit entry and event of one plain change, together. For anything else use the two directly. */
@Injectable()
export class ChangeRecorder {
  async record(tx: Tx, change: RecordedChange): Promise<void> {
    const { actor, noun, verb, object, environmentId, changes, version } = change;
    const entry = {
      ...{ actor, environmentId, changes },
      action: `${noun}.${verb}` as const,
      object: { kind: noun, ...object },
    };
    const event = { topic: change.topic, kind: KINDS[verb], id: object.id, environmentId, version };
    await tx.execute(INSERT_BOTH, [...auditValues(entry), ...outboxValues(event)]);
  }
}
