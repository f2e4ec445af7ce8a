import { randomUUID } from 'node:crypto';
import type { MemberRole, Permission, Session } from '@moorage/contract';
import type { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { VERSION } from '../config/version.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { Problem } from '../http/problem.js';
import { environmentPermissions, installationPermissions } from './access-decision.js';
import type { Actor } from './actor.js';
import { AuthRepository, type SignInRow } from './auth.repository.js';
import { createSessionToken } from './session-cookie.js';

interface VisibleEnvironment {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly simulated: boolean;
  readonly memberRole: MemberRole | null;
}
// A console's picker; an installation with more environments lists them by page.
const MAX_ENVIRONMENTS = 1000;

@Injectable()
export class SessionService {
  constructor(
    private readonly database: Database,
    private readonly repository: AuthRepository,
    private readonly audit: AuditLog,
  ) {}

  /** A fresh token every time: a session is never taken over from before the sign-in. */
  async start(user: SignInRow, from: { requestId: string; address: string }): Promise<SecretText> {
    const { token, tokenHash } = createSessionToken();
    const id = randomUUID();
    const actor = { kind: 'user' as const, id: user.userId, name: user.username, ...from };
    await this.database.transaction(async (tx) => {
      // The password was checked a moment ago, and may be the old one by now.
      if (!(await this.repository.insertSession(tx, { id, tokenHash, user })))
        throw new Problem('session.invalid-login');
      await this.audit.record(tx, {
        actor,
        action: 'session.create',
        object: { kind: 'session', id, name: user.username },
        environmentId: null,
      });
    });
    return token;
  }

  async end(actor: Actor): Promise<void> {
    const { sessionId } = actor;
    if (sessionId === null)
      throw new Problem('permission.denied', 'An API key has no session: revoke the key instead.');
    await this.database.transaction(async (tx) => {
      await this.repository.deleteSession(tx, sessionId);
      await this.audit.record(tx, {
        actor,
        action: 'session.delete',
        object: { kind: 'session', id: sessionId, name: actor.username },
        environmentId: null,
      });
    });
  }

  /** All sessions of a user, or all but one: after a new password, a new role, or being disabled. */
  endAll(tx: Tx, userId: string, exceptId: string | null): Promise<void> {
    return this.repository.deleteSessions(tx, userId, exceptId);
  }

  async describe(actor: Actor): Promise<Session> {
    const rows = await this.database.query<VisibleEnvironment>(
      `select e.id, e.name, e.display_name as "displayName", e.simulated, m.role as "memberRole"
       from environments e left join members m on m.environment_id = e.id and m.user_id = $1
       where ($2 or m.user_id is not null) and ($3::uuid is null or e.id = $3) order by e.name limit ${MAX_ENVIRONMENTS}`,
      [actor.userId, actor.role === 'admin', actor.keyEnvironmentId],
    );
    return {
      user: {
        id: actor.userId,
        username: actor.username,
        displayName: actor.displayName,
        role: actor.role,
      },
      permissions: [...installationPermissions(actor)],
      environments: rows.map(({ memberRole, ...environment }) => ({
        ...environment,
        role: actor.role === 'admin' ? 'admin' : (memberRole ?? 'viewer'),
        permissions: [
          ...(environmentPermissions(actor, { id: environment.id, memberRole }) ??
            new Set<Permission>()),
        ],
      })),
      version: VERSION,
    };
  }
}
