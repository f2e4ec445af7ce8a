/**
 * Announces a change in its own transaction: a row in `outbox`, read by `OutboxReader` in commit
 * order and given to the consoles' event streams and to sync. A row is a hint, never the thing.
 */
import type { EventTopic } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/transaction.js';

export interface Change {
  readonly topic: EventTopic;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly id: string;
  readonly environmentId?: string | null;
  readonly clusterId?: string | null;
  readonly version?: number | null;
}

/** Takes `outboxValues` from `$first` on. */
export function insertOutbox(first: number): string {
  const places = Array.from({ length: 6 }, (_, at) => `$${first + at}`);
  return `insert into outbox (topic, kind, object_id, environment_id, cluster_id, object_version) values (${places.join(', ')})`;
}

export function outboxValues(change: Change): readonly unknown[] {
  return [
    change.topic,
    change.kind,
    change.id,
    change.environmentId ?? null,
    change.clusterId ?? null,
    change.version ?? null,
  ];
}

// With many writes: named, so that Postgres keeps its plan.
const INSERT = { name: 'insert-outbox', text: insertOutbox(1) };

@Injectable()
export class Outbox {
  async publish(tx: Tx, change: Change): Promise<void> {
    await tx.execute(INSERT, outboxValues(change));
  }
}
