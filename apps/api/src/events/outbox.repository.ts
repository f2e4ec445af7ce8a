import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { CommittedChange, OutboxPosition } from './committed-change.js';

interface Row extends Omit<CommittedChange, 'position'>, OutboxPosition {}

const COLUMNS = `xid::text as xid, id, topic, kind, environment_id as "environmentId", cluster_id as "clusterId",
  object_id as "objectId", object_version as version`;
const START: OutboxPosition = { xid: '0', id: 0 };

/** Consoles that were away for longer read everything again. */
const KEPT = `interval '1 day'`;

@Injectable()
export class OutboxRepository {
  constructor(private readonly database: Database) {}

  /** Rows after the position whose transactions are all finished. `heldBack`: there are more that are not yet. */
  async readAfter(
    position: OutboxPosition = START,
    limit: number,
  ): Promise<{ rows: CommittedChange[]; heldBack: boolean }> {
    const rows = await this.database.query<Row & { settled: boolean }>(
      {
        name: 'read-outbox',
        text: `select ${COLUMNS}, xid < pg_snapshot_xmin(pg_current_snapshot()) as settled from outbox
          where (xid, id) > ($1::xid8, $2) order by xid, id limit $3`,
      },
      [position.xid, position.id, limit],
    );
    const end = rows.findIndex((row) => !row.settled);
    const settled = end === -1 ? rows : rows.slice(0, end);
    return { rows: settled.map(toChange), heldBack: end !== -1 };
  }

  /**
   * Drops rows "of the future": a database restored from a dump has the old server's transaction
   * numbers in its rows, which would hold back everything that is written from now on.
   */
  async dropForeignRows(): Promise<void> {
    await this.database.execute(
      'delete from outbox where xid >= pg_snapshot_xmax(pg_current_snapshot())',
    );
  }

  /** The last settled row; where a reader starts that wants only what comes. */
  async newest(): Promise<OutboxPosition> {
    const row = await this.database.one<OutboxPosition>(
      'select xid::text as xid, id from outbox where xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid desc, id desc limit 1',
    );
    // An empty table: everything before the oldest running transaction counts as seen.
    return (
      row ?? {
        xid:
          (
            await this.database.one<{ xid: string }>(
              'select (pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1)::text as xid',
            )
          )?.xid ?? '0',
        id: 0,
      }
    );
  }

  /** The position of a row that is still kept; undefined when it was pruned or never was. */
  positionOf(id: number): Promise<OutboxPosition | undefined> {
    return this.database.one<OutboxPosition>(
      'select xid::text as xid, id from outbox where id = $1',
      [id],
    );
  }

  async deleteOld(): Promise<void> {
    await this.database.execute(`delete from outbox where at < now() - ${KEPT}`);
  }
}

function toChange({
  xid,
  id,
  topic,
  kind,
  environmentId,
  clusterId,
  objectId,
  version,
}: Row): CommittedChange {
  return { position: { xid, id }, topic, kind, environmentId, clusterId, objectId, version };
}
