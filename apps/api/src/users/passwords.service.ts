import { randomBytes } from 'node:crypto';
import { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { AuditLog, systemActor } from '../audit/audit-log.js';
import type { Actor } from '../auth/actor.js';
import { Database } from '../database/database.js';
import { Problem } from '../http/problem.js';
import { UserAccess } from './user-access.js';
import { UsersRepository } from './users.repository.js';

const KEEP = {
  displayName: null,
  passwordHash: null,
  role: null,
  state: null,
  version: null,
} as const;

/** 120 random bits, easy to type: five groups of letters and digits. */
export function generatePassword(): SecretText {
  const text = randomBytes(15)
    .toString('hex')
    .replace(/(.{6})(?=.)/g, '$1-');
  return SecretText.of(text);
}

/** One's own password, and the way back in for an administrator who lost theirs. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly access: UserAccess,
    private readonly audit: AuditLog,
  ) {}

  /** Ends all other sessions of this user: whoever had the old password is out. */
  async changeOwn(actor: Actor, change: { current: SecretText; next: SecretText }): Promise<void> {
    if (actor.kind !== 'user')
      throw new Problem('permission.denied', 'An API key cannot change the password of its owner.');
    const stored = await this.users.passwordHashOf(actor.userId);
    if (!(await this.access.confirm(actor, stored?.passwordHash ?? null, change.current)))
      throw new Problem('user.wrong-password');
    const passwordHash = await this.access.hash(change.next);
    await this.database.transaction(async (tx) => {
      await this.users.update(tx, actor.userId, { ...KEEP, passwordHash });
      await this.access.endSessions(tx, actor.userId, actor.sessionId);
      await this.audit.record(tx, {
        actor,
        action: 'user.change-password',
        object: { kind: 'user', id: actor.userId, name: actor.username },
        environmentId: null,
        changes: { password: { after: change.next } },
      });
    });
  }

  /** From the command line: sets a new password, enables the user, ends all sessions. */
  async reset(username: string): Promise<SecretText> {
    const password = generatePassword();
    const passwordHash = await this.access.hash(password);
    await this.database.transaction(async (tx) => {
      const user = await this.users.lockByName(tx, username);
      if (user === undefined)
        throw new Problem('object.not-found', `There is no user ${username}.`);
      await this.users.update(tx, user.id, { ...KEEP, passwordHash, state: 'active' });
      await this.access.endSessions(tx, user.id, null);
      await this.audit.record(tx, {
        actor: systemActor('command line'),
        action: 'user.reset-password',
        object: { kind: 'user', id: user.id, name: username },
        environmentId: null,
        changes: { password: { after: password } },
      });
    });
    return password;
  }
}
