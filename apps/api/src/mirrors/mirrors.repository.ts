import type { RewriteRule } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { refuseViolations } from '../database/violation.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';

export interface MirrorRow {
  readonly id: string;
  readonly registry: string;
  readonly position: number;
  readonly endpoints: readonly string[];
  readonly rewrites: readonly RewriteRule[];
  readonly createdAt: Date;
  readonly version: number;
}

const COLUMNS = `m.id, m.registry, m.position, m.endpoints, m.rewrites, m.created_at as "createdAt", m.version`;

@Injectable()
export class MirrorsRepository {
  constructor(private readonly database: Database) {}

  list<Item>(
    scope: EnvironmentScope,
    request: PageRequest,
    present: (row: MirrorRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<MirrorRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: 'mirrors m',
        where: ['m.environment_id = $1'],
        values: [scope.environmentId],
        sort: {
          position: { sql: 'm.position', type: 'integer' },
          registry: { sql: 'm.registry', type: 'text' },
        },
        defaultSort: 'position',
        id: { sql: 'm.id', type: 'uuid' },
        search: ['m.registry'],
      },
      request,
      present,
    );
  }

  find(scope: EnvironmentScope, id: string): Promise<MirrorRow | undefined> {
    return this.database.one<MirrorRow>(
      `select ${COLUMNS} from mirrors m where m.environment_id = $1 and m.id = $2`,
      [scope.environmentId, id],
    );
  }

  lock(tx: Tx, scope: EnvironmentScope, id: string): Promise<MirrorRow | undefined> {
    return tx.one<MirrorRow>(
      `select ${COLUMNS} from mirrors m where m.environment_id = $1 and m.id = $2 for update`,
      [scope.environmentId, id],
    );
  }

  lockByRegistry(
    tx: Tx,
    scope: EnvironmentScope,
    registry: string,
  ): Promise<MirrorRow | undefined> {
    return tx.one<MirrorRow>(
      `select ${COLUMNS} from mirrors m where m.environment_id = $1 and m.registry = $2 for update`,
      [scope.environmentId, registry],
    );
  }

  /** At the end of the list. */
  async insert(
    tx: Tx,
    scope: EnvironmentScope,
    mirror: Pick<MirrorRow, 'id' | 'registry' | 'endpoints' | 'rewrites'>,
  ): Promise<MirrorRow> {
    const row = await refuseViolations(
      { mirrors_environment_id_registry_key: 'mirror.exists' },
      () =>
        tx.one<MirrorRow>(
          `insert into mirrors as m (id, environment_id, registry, endpoints, rewrites, position)
         values ($1, $2, $3, $4, $5, (select coalesce(max(position), -1) + 1 from mirrors where environment_id = $2)) returning ${COLUMNS}`,
          [
            mirror.id,
            scope.environmentId,
            mirror.registry,
            mirror.endpoints,
            JSON.stringify(mirror.rewrites),
          ],
        ),
    );
    if (row === undefined) throw new Error('insert returned no row');
    return row;
  }

  /** The caller holds the row's lock. */
  async update(
    tx: Tx,
    id: string,
    change: Pick<MirrorRow, 'endpoints' | 'rewrites' | 'position'>,
  ): Promise<MirrorRow> {
    const row = await tx.one<MirrorRow>(
      `update mirrors as m set endpoints = $2, rewrites = $3, position = $4, version = version + 1, updated_at = now()
       where m.id = $1 returning ${COLUMNS}`,
      [id, change.endpoints, JSON.stringify(change.rewrites), change.position],
    );
    if (row === undefined) throw new Error('update of a locked row returned no row');
    return row;
  }

  delete(tx: Tx, id: string): Promise<number> {
    return tx.execute('delete from mirrors where id = $1', [id]);
  }
}
