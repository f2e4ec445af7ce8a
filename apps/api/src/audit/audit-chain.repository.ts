import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';

/** An entry as the chain hashes it: one line of JSON that Postgres writes, the same every time. */
export interface ChainedEntry {
  readonly id: number;
  readonly canonical: string;
}
export interface ChainLink {
  readonly position: number;
  readonly entryId: number;
  readonly hash: Buffer;
}
export interface StoredLink extends ChainLink {
  readonly entry: ChainedEntry | null;
}

/** More entries than can be written while one transaction runs (a minute at most). */
const LOOK_BACK = 10_000;
const LOCK = 0x63686169; // "chai"
// jsonb_build_array has one spelling per value; `at` in UTC, independent of the session's zone.
const CANONICAL = `jsonb_build_array(a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.environment_id, a.actor_kind,
  a.actor_id, a.actor_name, a.action, a.object_kind, a.object_id, a.object_name, a.changes, a.request_id, a.address)::text`;

@Injectable()
export class AuditChainRepository {
  constructor(private readonly database: Database) {}

  async tryLock(tx: Tx): Promise<boolean> {
    return (
      (await tx.one<{ locked: boolean }>('select pg_try_advisory_xact_lock($1) as locked', [LOCK]))
        ?.locked === true
    );
  }

  lastLink(tx: Tx): Promise<{ position: number; hash: Buffer } | undefined> {
    return tx.one('select position, hash from audit_chain order by position desc limit 1');
  }

  /**
   * Committed entries without a link. Ids are handed out before commits, so an older id can appear
   * after a newer one was chained: the last ones are looked through again. The chain's order is
   * its own `position`.
   */
  unchained(tx: Tx, limit: number): Promise<ChainedEntry[]> {
    return tx.query<ChainedEntry>(
      `select a.id, ${CANONICAL} as canonical from audit_entries a
       where a.id > (select coalesce(max(entry_id), 0) - ${LOOK_BACK} from audit_chain)
         and not exists (select 1 from audit_chain c where c.entry_id = a.id)
       order by a.id limit $1`,
      [limit],
    );
  }

  /** An entry that nothing will chain any more: slipped in with an old id. */
  async findLeftOut(): Promise<number | undefined> {
    const row = await this.database.one<{ id: number }>(
      `select a.id from audit_entries a
       where a.id <= (select coalesce(max(entry_id), 0) - ${LOOK_BACK} from audit_chain)
         and not exists (select 1 from audit_chain c where c.entry_id = a.id)
       order by a.id limit 1`,
    );
    return row?.id;
  }

  async append(tx: Tx, links: readonly ChainLink[]): Promise<void> {
    if (links.length === 0) return;
    await tx.execute(
      'insert into audit_chain (position, entry_id, hash) select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])',
      [
        links.map((link) => link.position),
        links.map((link) => link.entryId),
        links.map((link) => link.hash),
      ],
    );
  }

  async linksAfter(position: number, limit: number): Promise<StoredLink[]> {
    const rows = await this.database.query<ChainLink & { id: number | null; canonical: string }>(
      `select c.position, c.entry_id as "entryId", c.hash, a.id, ${CANONICAL} as canonical
       from audit_chain c left join audit_entries a on a.id = c.entry_id where c.position > $1 order by c.position limit $2`,
      [position, limit],
    );
    return rows.map(({ id, canonical, ...link }) => ({
      ...link,
      entry: id === null ? null : { id, canonical },
    }));
  }
}
