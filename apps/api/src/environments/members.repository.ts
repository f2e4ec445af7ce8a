import type { MemberRole } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';
import { isUuid } from '../http/uuid.js';

export interface MemberRow {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: MemberRole;
  readonly createdAt: Date;
}

const COLUMNS = `m.user_id as "userId", u.username, u.display_name as "displayName", m.role, m.created_at as "createdAt"`;
const FROM = 'members m join users u on u.id = m.user_id';

@Injectable()
export class MembersRepository {
  constructor(private readonly database: Database) {}

  list<Item>(
    scope: EnvironmentScope,
    request: PageRequest,
    present: (row: MemberRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<MemberRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: FROM,
        where: ['m.environment_id = $1'],
        values: [scope.environmentId],
        sort: {
          username: { sql: 'u.username', type: 'text' },
          role: { sql: 'm.role', type: 'text' },
          createdAt: { sql: 'm.created_at', type: 'timestamptz' },
        },
        defaultSort: 'username',
        id: { sql: 'm.user_id', type: 'uuid' },
        search: ['u.username', 'u.display_name'],
      },
      request,
      present,
    );
  }

  findUser(tx: Tx, idOrName: string): Promise<{ id: string; username: string } | undefined> {
    const column = isUuid(idOrName) ? 'id' : 'username';
    return tx.one(`select id, username from users where ${column} = $1`, [idOrName]);
  }

  /** Locks the environment's members, so that two changes cannot both take the last owner away. */
  async lockOwners(tx: Tx, scope: EnvironmentScope): Promise<string[]> {
    await tx.execute('select 1 from environments where id = $1 for update', [scope.environmentId]);
    const rows = await tx.query<{ userId: string }>(
      `select user_id as "userId" from members where environment_id = $1 and role = 'owner'`,
      [scope.environmentId],
    );
    return rows.map((row) => row.userId);
  }

  async find(tx: Tx, scope: EnvironmentScope, userId: string): Promise<MemberRow | undefined> {
    return tx.one<MemberRow>(
      `select ${COLUMNS} from ${FROM} where m.environment_id = $1 and m.user_id = $2`,
      [scope.environmentId, userId],
    );
  }

  async put(tx: Tx, scope: EnvironmentScope, userId: string, role: MemberRole): Promise<void> {
    await tx.execute(
      `insert into members (environment_id, user_id, role) values ($1, $2, $3)
       on conflict (environment_id, user_id) do update set role = excluded.role`,
      [scope.environmentId, userId, role],
    );
  }

  async delete(tx: Tx, scope: EnvironmentScope, userId: string): Promise<void> {
    await tx.execute('delete from members where environment_id = $1 and user_id = $2', [
      scope.environmentId,
      userId,
    ]);
  }
}
