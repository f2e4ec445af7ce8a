import type { UserRole } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { refuseViolations } from '../database/violation.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';

export interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: UserRole;
  readonly state: 'active' | 'disabled';
  readonly createdAt: Date;
  readonly version: number;
}

export interface UserChange {
  readonly displayName: string | null;
  readonly passwordHash: string | null;
  readonly role: UserRole | null;
  readonly state: 'active' | 'disabled' | null;
  readonly version: number | null;
}

const COLUMNS = `u.id, u.username, u.display_name as "displayName", u.role, u.state, u.created_at as "createdAt", u.version`;
const SELECTED = {
  id: true,
  username: true,
  displayName: true,
  role: true,
  state: true,
  createdAt: true,
  version: true,
} as const;
const ADMINS_LOCK = 0x61646d; // "adm": one change of administrators at a time

@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  list<Item>(request: PageRequest, present: (row: UserRow) => Item): Promise<Page<Item>> {
    return loadPage<UserRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: 'users u',
        where: [],
        values: [],
        sort: {
          username: { sql: 'u.username', type: 'text' },
          createdAt: { sql: 'u.created_at', type: 'timestamptz' },
        },
        defaultSort: 'username',
        id: { sql: 'u.id', type: 'uuid' },
        search: ['u.username', 'u.display_name'],
      },
      request,
      present,
    );
  }

  async find(id: string): Promise<UserRow | undefined> {
    const user = await this.database.prisma.user.findUnique({ where: { id }, select: SELECTED });
    return user === null ? undefined : (user as UserRow); // role and state: check constraints hold the unions
  }

  async hasAny(): Promise<boolean> {
    return (await this.database.one('select 1 from users limit 1')) !== undefined;
  }

  lock(tx: Tx, id: string): Promise<UserRow | undefined> {
    return tx.one<UserRow>(`select ${COLUMNS} from users u where u.id = $1 for update`, [id]);
  }

  lockByName(tx: Tx, username: string): Promise<UserRow | undefined> {
    return tx.one<UserRow>(`select ${COLUMNS} from users u where u.username = $1 for update`, [
      username,
    ]);
  }

  passwordHashOf(id: string): Promise<{ passwordHash: string | null } | undefined> {
    return this.database.one('select password_hash as "passwordHash" from users where id = $1', [
      id,
    ]);
  }

  /** Active administrators beside that one. Serialises changes of administrators until the commit. */
  async countOtherAdmins(tx: Tx, exceptId: string): Promise<number> {
    await tx.execute('select pg_advisory_xact_lock($1)', [ADMINS_LOCK]);
    const row = await tx.one<{ count: number }>(
      `select count(*)::int as count from users where role = 'admin' and state = 'active' and id <> $1`,
      [exceptId],
    );
    return row?.count ?? 0;
  }

  async insert(
    tx: Tx,
    user: {
      id: string;
      username: string;
      displayName: string;
      passwordHash: string;
      role: UserRole;
    },
  ): Promise<UserRow> {
    const row = await refuseViolations({ users_username_key: 'user.name-exists' }, () =>
      tx.one<UserRow>(
        `insert into users as u (id, username, display_name, password_hash, role) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
        [user.id, user.username, user.displayName, user.passwordHash, user.role],
      ),
    );
    if (row === undefined) throw new Error('insert returned no row');
    return row;
  }

  /** Undefined when the version is no longer that. Null fields stay. */
  update(tx: Tx, id: string, change: UserChange): Promise<UserRow | undefined> {
    return tx.one<UserRow>(
      `update users as u set display_name = coalesce($2, display_name), password_hash = coalesce($3, password_hash),
         role = coalesce($4, role), state = coalesce($5, state), version = version + 1, updated_at = now()
       where u.id = $1 and ($6::int is null or u.version = $6) returning ${COLUMNS}`,
      [id, change.displayName, change.passwordHash, change.role, change.state, change.version],
    );
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.execute('delete from users where id = $1', [id]);
  }
}
