import type { MemberRole, Permission, UserRole } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { isUuid } from '../http/uuid.js';
import { SESSION_IDLE_SECONDS, SESSION_MAX_SECONDS } from './session-cookie.js';

export interface IdentityRow {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: UserRole;
}
/** A user whose password was checked, as of one version of the row. */
export interface SignInRow extends IdentityRow {
  readonly version: number;
}
export interface SessionRow extends IdentityRow {
  readonly sessionId: string;
  /** the time of its last use is older than what we record anyway */
  readonly useIsOld: boolean;
}
export interface ApiKeyIdentityRow extends IdentityRow {
  readonly keyId: string;
  readonly keyName: string;
  readonly secretHash: Buffer;
  readonly permissions: Permission[];
  readonly environmentId: string | null;
  /** as of a session */
  readonly useIsOld: boolean;
}
export interface EnvironmentRoleRow {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly simulated: boolean;
  readonly state: 'active' | 'removing';
  readonly memberRole: MemberRole | null;
}

const USER = `u.id as "userId", u.username, u.display_name as "displayName", u.role`;

// Once a minute is exact enough for people, and saves a write per request: the read that decides
// who is calling says whether one is due.
const SESSION_USE_IS_OLD = `s.last_seen_at < now() - interval '1 minute'`;
const KEY_USE_IS_OLD = `(k.last_used_at is null or k.last_used_at < now() - interval '1 minute')`;

// On every request: named, so that Postgres keeps their plans.
const FIND_SESSION = {
  name: 'find-session',
  text: `select s.id as "sessionId", ${SESSION_USE_IS_OLD} as "useIsOld", ${USER} from sessions s join users u on u.id = s.user_id
    where s.token_hash = $1 and u.state = 'active' and s.expires_at > now()
      and s.last_seen_at > now() - make_interval(secs => ${SESSION_IDLE_SECONDS})`,
};
const FIND_API_KEY = {
  name: 'find-api-key',
  text: `select k.id as "keyId", k.name as "keyName", k.secret_hash as "secretHash", k.permissions,
      k.environment_id as "environmentId", ${KEY_USE_IS_OLD} as "useIsOld", ${USER}
    from api_keys k join users u on u.id = k.owner_id
    where k.id = $1 and u.state = 'active' and (k.expires_at is null or k.expires_at > now())`,
};
const ENVIRONMENT = `select e.id, e.name, e.display_name as "displayName", e.simulated, e.state, m.role as "memberRole"
    from environments e left join members m on m.environment_id = e.id and m.user_id = $2`;
const FIND_ENVIRONMENT_BY_ID = {
  name: 'find-environment-by-id',
  text: `${ENVIRONMENT} where e.id = $1`,
};
const FIND_ENVIRONMENT_BY_NAME = {
  name: 'find-environment-by-name',
  text: `${ENVIRONMENT} where e.name = $1`,
};

/** Reads that decide who is calling; nothing here is cached, so a revocation counts at once. */
@Injectable()
export class AuthRepository {
  constructor(private readonly database: Database) {}

  findSession(tokenHash: Buffer): Promise<SessionRow | undefined> {
    return this.database.one<SessionRow>(FIND_SESSION, [tokenHash]);
  }

  findApiKey(id: string): Promise<ApiKeyIdentityRow | undefined> {
    return this.database.one<ApiKeyIdentityRow>(FIND_API_KEY, [id]);
  }

  findEnvironment(idOrName: string, userId: string): Promise<EnvironmentRoleRow | undefined> {
    const query = isUuid(idOrName) ? FIND_ENVIRONMENT_BY_ID : FIND_ENVIRONMENT_BY_NAME;
    return this.database.one<EnvironmentRoleRow>(query, [idOrName, userId]);
  }

  findActiveUser(id: string): Promise<IdentityRow | undefined> {
    return this.database.one<IdentityRow>(
      `select ${USER} from users u where u.id = $1 and u.state = 'active'`,
      [id],
    );
  }

  /** The administrator of the longest standing. */
  findFirstAdmin(): Promise<IdentityRow | undefined> {
    return this.database.one<IdentityRow>(
      `select ${USER} from users u where u.role = 'admin' order by u.created_at, u.id limit 1`,
    );
  }

  async findMemberRoles(userId: string): Promise<MemberRole[]> {
    const rows = await this.database.query<{ role: MemberRole }>(
      'select distinct role from members where user_id = $1',
      [userId],
    );
    return rows.map((row) => row.role);
  }

  findUserForSignIn(
    username: string,
  ): Promise<(SignInRow & { passwordHash: string | null }) | undefined> {
    return this.database.one(
      `select ${USER}, u.version, u.password_hash as "passwordHash" from users u where u.username = $1 and u.state = 'active'`,
      [username],
    );
  }

  /** False when the user is no longer as checked. Waits for a change of the user that is under way. */
  async insertSession(
    tx: Tx,
    session: { id: string; tokenHash: Buffer; user: SignInRow },
  ): Promise<boolean> {
    const { id, tokenHash, user } = session;
    const inserted = await tx.execute(
      `insert into sessions (id, token_hash, user_id, expires_at)
       select $1, $2, u.id, now() + make_interval(secs => ${SESSION_MAX_SECONDS})
       from users u where u.id = $3 and u.version = $4 and u.state = 'active' for share`,
      [id, tokenHash, user.userId, user.version],
    );
    return inserted === 1;
  }

  /** Ends sessions of a user: all, or all but one. */
  async deleteSessions(tx: Tx, userId: string, exceptId: string | null): Promise<void> {
    await tx.execute('delete from sessions where user_id = $1 and ($2::uuid is null or id <> $2)', [
      userId,
      exceptId,
    ]);
  }

  async deleteSession(tx: Tx, sessionId: string): Promise<void> {
    await tx.execute('delete from sessions where id = $1', [sessionId]);
  }

  async deleteExpiredSessions(): Promise<void> {
    await this.database.execute(
      `delete from sessions where expires_at < now() or last_seen_at < now() - make_interval(secs => ${SESSION_IDLE_SECONDS})`,
    );
  }

  /** Does nothing when another request was faster. */
  async touchSession(sessionId: string): Promise<void> {
    await this.database.execute(
      `update sessions as s set last_seen_at = now() where s.id = $1 and ${SESSION_USE_IS_OLD}`,
      [sessionId],
    );
  }

  /** As `touchSession`. */
  async touchApiKey(keyId: string): Promise<void> {
    await this.database.execute(
      `update api_keys as k set last_used_at = now() where k.id = $1 and ${KEY_USE_IS_OLD}`,
      [keyId],
    );
  }
}
