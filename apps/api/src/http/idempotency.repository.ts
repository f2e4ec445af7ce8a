import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

export interface KeptReply {
  readonly requestHash: Buffer;
  /** null while the first request runs */
  readonly status: number | null;
  readonly reply: unknown;
}

@Injectable()
export class IdempotencyRepository {
  constructor(private readonly database: Database) {}

  /** True for the one request that may run. */
  async claim(actorId: string, key: string, requestHash: Buffer): Promise<boolean> {
    const count = await this.database.execute(
      'insert into idempotency_keys (actor_id, key, request_hash) values ($1, $2, $3) on conflict do nothing',
      [actorId, key, requestHash],
    );
    return count === 1;
  }

  find(actorId: string, key: string): Promise<KeptReply | undefined> {
    return this.database.one<KeptReply>(
      'select request_hash as "requestHash", status, reply from idempotency_keys where actor_id = $1 and key = $2',
      [actorId, key],
    );
  }

  async keep(actorId: string, key: string, status: number, reply: unknown): Promise<void> {
    await this.database.execute(
      'update idempotency_keys set status = $3, reply = $4 where actor_id = $1 and key = $2',
      [actorId, key, status, reply === undefined ? null : JSON.stringify(reply)],
    );
  }

  async release(actorId: string, key: string): Promise<void> {
    await this.database.execute(
      'delete from idempotency_keys where actor_id = $1 and key = $2 and status is null',
      [actorId, key],
    );
  }

  /** A day is what clients retry within; see the header of the interceptor. */
  async deleteOld(): Promise<void> {
    await this.database.execute(
      `delete from idempotency_keys where created_at < now() - interval '24 hours'`,
    );
  }
}
