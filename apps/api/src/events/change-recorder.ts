import type { EventTopic } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { type AuditActor, type AuditChanges, AuditLog } from '../audit/audit-log.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from './outbox.js';

const KINDS = { create: 'created', update: 'updated', delete: 'deleted' } as const;

export interface RecordedChange {
  readonly actor: AuditActor;
  readonly topic: EventTopic;
  /** of the audit's action and object, e.g. `user` */
  readonly noun: string;
  readonly verb: keyof typeof KINDS;
  readonly object: { readonly id: string; readonly name: string };
  readonly environmentId: string | null;
  readonly version: number | null;
  readonly changes: AuditChanges;
}

/** Audit entry and event of one plain change, together. For anything else use the two directly. */
@Injectable()
export class ChangeRecorder {
  constructor(
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  async record(tx: Tx, change: RecordedChange): Promise<void> {
    const { actor, noun, verb, object, environmentId, changes } = change;
    await this.audit.record(tx, {
      actor,
      action: `${noun}.${verb}`,
      object: { kind: noun, ...object },
      environmentId,
      changes,
    });
    await this.outbox.publish(tx, {
      topic: change.topic,
      kind: KINDS[verb],
      id: object.id,
      environmentId,
      version: change.version,
    });
  }
}
