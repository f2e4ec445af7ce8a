import type { AuditEntry } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';

export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly environmentId: string | null;
  readonly actorKind: AuditEntry['actor']['kind'];
  readonly actorId: string | null;
  readonly actorName: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string | null;
  readonly objectName: string;
  readonly changes: AuditEntry['changes'];
  readonly requestId: string | null;
  readonly address: string | null;
  readonly hash: Buffer | null;
}

export interface AuditFilter {
  /** null = of the whole installation */
  readonly environmentId: string | null;
  readonly action?: string | undefined;
  readonly actorId?: string | undefined;
  readonly objectId?: string | undefined;
}

const COLUMNS = `a.id, a.at, a.environment_id as "environmentId", a.actor_kind as "actorKind", a.actor_id as "actorId",
  a.actor_name as "actorName", a.action, a.object_kind as "objectKind", a.object_id as "objectId", a.object_name as "objectName",
  a.changes, a.request_id as "requestId", a.address, c.hash`;

@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  list<Item>(
    filter: AuditFilter,
    request: PageRequest,
    present: (row: AuditRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<AuditRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: 'audit_entries a left join audit_chain c on c.entry_id = a.id',
        where: [
          '($1::uuid is null or a.environment_id = $1)',
          '($2::text is null or a.action = $2)',
          '($3::uuid is null or a.actor_id = $3)',
          '($4::uuid is null or a.object_id = $4)',
        ],
        values: [
          filter.environmentId,
          filter.action ?? null,
          filter.actorId ?? null,
          filter.objectId ?? null,
        ],
        sort: { at: { sql: 'a.at', type: 'timestamptz' } },
        defaultSort: '-at',
        id: { sql: 'a.id', type: 'bigint' },
        search: ['a.actor_name', 'a.object_name', 'a.action'],
      },
      request,
      present,
    );
  }
}
