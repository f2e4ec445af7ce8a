import type { Permission } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly permissions: Permission[];
  readonly environmentId: string | null;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
}

export interface NewApiKey {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly secretHash: Buffer;
  readonly permissions: readonly Permission[];
  readonly environmentId: string | null;
  readonly expiresAt: string | null;
}

const COLUMNS = `k.id, k.name, k.permissions, k.environment_id as "environmentId", k.expires_at as "expiresAt",
  k.last_used_at as "lastUsedAt", k.created_at as "createdAt"`;

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: Database) {}

  listOwnedBy<Item>(
    ownerId: string,
    request: PageRequest,
    present: (row: ApiKeyRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<ApiKeyRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: 'api_keys k',
        where: ['k.owner_id = $1'],
        values: [ownerId],
        sort: {
          name: { sql: 'k.name', type: 'text' },
          createdAt: { sql: 'k.created_at', type: 'timestamptz' },
          lastUsedAt: { sql: `coalesce(k.last_used_at, '-infinity')`, type: 'timestamptz' },
        },
        defaultSort: '-createdAt',
        id: { sql: 'k.id', type: 'uuid' },
        search: ['k.name'],
      },
      request,
      present,
    );
  }

  async insert(tx: Tx, key: NewApiKey): Promise<ApiKeyRow> {
    const row = await tx.one<ApiKeyRow>(
      `insert into api_keys as k (id, owner_id, name, secret_hash, permissions, environment_id, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
      [
        key.id,
        key.ownerId,
        key.name,
        key.secretHash,
        key.permissions,
        key.environmentId,
        key.expiresAt,
      ],
    );
    if (row === undefined) throw new Error('insert returned no row');
    return row;
  }

  deleteOwnedBy(tx: Tx, ownerId: string, id: string): Promise<ApiKeyRow | undefined> {
    return tx.one<ApiKeyRow>(
      `delete from api_keys as k where k.id = $1 and k.owner_id = $2 returning ${COLUMNS}`,
      [id, ownerId],
    );
  }
}
