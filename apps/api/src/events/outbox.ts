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

@Injectable()
export class Outbox {
  async publish(tx: Tx, change: Change): Promise<void> {
    await tx.execute(
      {
        name: 'insert-outbox', // with every write: named, so that Postgres keeps its plan
        text: 'insert into outbox (topic, kind, object_id, environment_id, cluster_id, object_version) values ($1, $2, $3, $4, $5, $6)',
      },
      [
        change.topic,
        change.kind,
        change.id,
        change.environmentId ?? null,
        change.clusterId ?? null,
        change.version ?? null,
      ],
    );
  }
}
