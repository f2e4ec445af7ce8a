import { randomUUID } from 'node:crypto';
import type { SettingName } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/transaction.js';

export type SettingNotes = Readonly<Record<string, string>>;

export interface SettingRow {
  readonly id: string;
  readonly environmentId: string | null;
  readonly name: SettingName;
  readonly value: string;
  /** Of whitelist entries, by entry. */
  readonly notes: SettingNotes;
  readonly version: number;
}

/** What one level stores: the installation (without an id) or an environment. */
export interface LevelRow {
  readonly environmentId: string | null;
  readonly environmentName: string;
  readonly values: Readonly<Partial<Record<SettingName, string>>>;
}

export interface SharedNamespaceRow {
  readonly environmentId: string;
  readonly otherId: string;
  readonly clusterName: string;
  readonly namespace: string;
}

export interface SettingWrite {
  readonly environmentId: string | null;
  readonly name: SettingName;
  readonly value: string;
  readonly notes: SettingNotes;
}

const COLUMNS = 'id, environment_id as "environmentId", name, value, notes, version';

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

  /** The installation's level first, then each environment's by name, also if it stores nothing. */
  loadLevels(on: Queryable = this.database): Promise<LevelRow[]> {
    return on.query<LevelRow>(
      `select null::uuid as "environmentId", '' as "environmentName", coalesce((select
           jsonb_object_agg(name, value) from settings where environment_id is null), '{}') as values
       union all
       select * from (select e.id, e.name, coalesce(jsonb_object_agg(s.name, s.value)
           filter (where s.id is not null), '{}') as values
         from environments e left join settings s on s.environment_id = e.id
         where e.state = 'active'
         group by e.id, e.name order by e.name) each`,
    );
  }

  /** Which of `environmentIds` serves a namespace together with one of `otherIds`, once per pair. */
  listSharedNamespaces(
    environmentIds: readonly string[],
    otherIds: readonly string[],
  ): Promise<SharedNamespaceRow[]> {
    return this.database.query<SharedNamespaceRow>(
      `select distinct on (a.environment_id, b.environment_id) a.environment_id as "environmentId",
         b.environment_id as "otherId", c.name as "clusterName", x.namespace
       from targets a join targets b on b.cluster_id = a.cluster_id and b.environment_id <> a.environment_id
       join clusters c on c.id = a.cluster_id
       join target_namespaces x on x.target_id = a.id
       join target_namespaces y on y.target_id = b.id and y.namespace = x.namespace
       where a.environment_id = any($1) and b.environment_id = any($2)
         and a.state = 'active' and b.state = 'active'
       order by a.environment_id, b.environment_id, c.name, x.namespace`,
      [environmentIds, otherIds],
    );
  }

  async isMember(environmentId: string, userId: string): Promise<boolean> {
    const row = await this.database.one(
      'select 1 from members where environment_id = $1 and user_id = $2',
      [environmentId, userId],
    );
    return row !== undefined;
  }

  /** One change of settings at a time, so that two cannot widen each other. */
  async lock(tx: Tx): Promise<void> {
    await tx.execute(`select pg_advisory_xact_lock(hashtext('moorage.settings'))`);
  }

  async put(tx: Tx, { environmentId, name, value, notes }: SettingWrite): Promise<SettingRow> {
    const row = await tx.one<SettingRow>(
      `insert into settings (id, environment_id, name, value, notes) values ($1, $2, $3, $4, $5)
       on conflict (coalesce(environment_id, '00000000-0000-0000-0000-000000000000'::uuid), name)
       do update set value = excluded.value, notes = excluded.notes, version = settings.version + 1,
         updated_at = now() returning ${COLUMNS}`,
      [randomUUID(), environmentId, name, value, JSON.stringify(notes)],
    );
    if (row === undefined) throw new Error('upsert returned no row');
    return row;
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.execute('delete from settings where id = $1', [id]);
  }
}
