import type { EventTopic } from '@moorage/contract';

/** Place in the one order of all changes: transaction, then row. Text, because xid8 has 64 bits. */
export interface OutboxPosition {
  readonly xid: string;
  readonly id: number;
}

/** One committed change: a hint what to look at again. */
export interface CommittedChange {
  readonly position: OutboxPosition;
  readonly topic: EventTopic;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly environmentId: string | null;
  readonly clusterId: string | null;
  readonly objectId: string;
  readonly version: number | null;
}
