import { randomUUID } from 'node:crypto';
import type { SettingName } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/transaction.js';

export interface SettingRow {
  readonly id: string;
  readonly environmentId: string | null;
  readonly name: SettingName;
  readonly value: string;
  readonly version: number;
}

const COLUMNS = 'id, environment_id as "environmentId", name, value, version';

@Injectable()
export class SettingsRepository {
  constructor(private readonly database: Database) {}

  /** The installation's stored values and, with an id, that environment's. */
  load(environmentId: string | null, on: Queryable = this.database): Promise<SettingRow[]> {
    return on.query<SettingRow>(
      `select ${COLUMNS} from settings where environment_id is null or environment_id = $1`,
      [environmentId],
    );
  }

  /** One change of settings at a time, so that two cannot widen each other. */
  async lock(tx: Tx): Promise<void> {
    await tx.execute(`select pg_advisory_xact_lock(hashtext('moorage.settings'))`);
  }

  async put(
    tx: Tx,
    environmentId: string | null,
    name: SettingName,
    value: string,
  ): Promise<SettingRow> {
    const row = await tx.one<SettingRow>(
      `insert into settings (id, environment_id, name, value) values ($1, $2, $3, $4)
       on conflict (coalesce(environment_id, '00000000-0000-0000-0000-000000000000'::uuid), name)
       do update set value = excluded.value, version = settings.version + 1, updated_at = now() returning ${COLUMNS}`,
      [randomUUID(), environmentId, name, value],
    );
    if (row === undefined) throw new Error('upsert returned no row');
    return row;
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.execute('delete from settings where id = $1', [id]);
  }
}
