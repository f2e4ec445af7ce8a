import { randomUUID } from 'node:crypto';
import type { User, UserCreate, UserUpdate } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  type AuditActor,
  type AuditChanges,
  changedFields,
  systemActor,
} from '../audit/audit-log.js';
import { mayManageAdministrators } from '../auth/access-decision.js';
import type { Actor } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { ChangeRecorder } from '../events/change-recorder.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem, stale } from '../http/problem.js';
import { UserAccess } from './user-access.js';
import { presentUser } from './users.presenter.js';
import { type UserRow, UsersRepository } from './users.repository.js';

export const FIRST_ADMIN = 'admin';

@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly repository: UsersRepository,
    private readonly access: UserAccess,
    private readonly changes: ChangeRecorder,
  ) {}

  list(request: PageRequest): Promise<Page<User>> {
    return this.repository.list(request, presentUser);
  }

  async get(id: string): Promise<User> {
    const row = await this.repository.find(id);
    if (row === undefined) throw notFound();
    return presentUser(row);
  }

  async create(actor: Actor, input: z.output<typeof UserCreate>): Promise<User> {
    if (input.role === 'admin') refuseNarrowKey(actor);
    return await this.#insert(actor, input);
  }

  async #insert(actor: AuditActor, input: z.output<typeof UserCreate>): Promise<User> {
    const passwordHash = await this.access.hash(SecretText.of(input.password));
    return this.database.transaction(async (tx) => {
      const row = await this.repository.insert(tx, {
        id: randomUUID(),
        username: input.username,
        displayName: input.displayName,
        role: input.role,
        passwordHash,
      });
      await this.#record(tx, actor, 'create', row, {
        username: { after: row.username },
        role: { after: row.role },
      });
      return presentUser(row);
    });
  }

  /** The first user of an installation; false when there is one already. */
  async createFirstAdmin(password: SecretText): Promise<boolean> {
    if (await this.repository.hasAny()) return false;
    const input = {
      username: FIRST_ADMIN,
      displayName: 'Administrator',
      password: password.reveal(),
      role: 'admin' as const,
    };
    try {
      await this.#insert(systemActor('start'), input);
      return true;
    } catch (error) {
      if (error instanceof Problem && error.code === 'user.name-exists') return false; // another replica was first
      throw error;
    }
  }

  /** Disabling, a new role or a new password ends the user's sessions at once. */
  async update(
    actor: Actor,
    id: string,
    input: z.output<typeof UserUpdate>,
    version: number | undefined,
  ): Promise<User> {
    const passwordHash =
      input.password === undefined ? null : await this.access.hash(SecretText.of(input.password));
    const change = {
      displayName: input.displayName ?? null,
      role: input.role ?? null,
      state: input.state ?? null,
      passwordHash,
      version: version ?? null,
    };
    return this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (before === undefined) throw notFound();
      await this.#refuseUpdate(tx, actor, before, input);
      const after = await this.repository.update(tx, id, change);
      if (after === undefined) throw stale();
      if (passwordHash !== null || after.state === 'disabled' || after.role !== before.role) {
        await this.access.endSessions(tx, id, actor.userId === id ? actor.sessionId : null);
      }
      await this.#record(
        tx,
        actor,
        'update',
        after,
        describeUpdate(before, after, passwordHash !== null),
      );
      return presentUser(after);
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (before === undefined) throw notFound();
      if (before.role === 'admin') refuseNarrowKey(actor);
      await this.#keepAnAdmin(tx, before);
      await this.repository.delete(tx, id);
      await this.#record(tx, actor, 'delete', before, {});
    });
  }

  async #refuseUpdate(
    tx: Tx,
    actor: Actor,
    before: UserRow,
    { role, state }: z.output<typeof UserUpdate>,
  ): Promise<void> {
    if (before.role === 'admin' || role === 'admin') refuseNarrowKey(actor);
    if (role === 'user' || state === 'disabled') await this.#keepAnAdmin(tx, before);
  }

  async #keepAnAdmin(tx: Tx, user: UserRow): Promise<void> {
    if (user.role !== 'admin' || user.state !== 'active') return;
    if ((await this.repository.countOtherAdmins(tx, user.id)) === 0)
      throw new Problem('user.last-admin');
  }

  #record(
    tx: Tx,
    actor: AuditActor,
    verb: 'create' | 'update' | 'delete',
    row: UserRow,
    changes: AuditChanges,
  ): Promise<void> {
    return this.changes.record(tx, {
      actor,
      topic: 'users',
      noun: 'user',
      verb,
      object: { id: row.id, name: row.username },
      environmentId: null,
      version: row.version,
      changes,
    });
  }
}

function refuseNarrowKey(actor: Actor): void {
  if (!mayManageAdministrators(actor))
    throw new Problem(
      'permission.denied',
      'Only a key with every permission reaches administrators.',
    );
}

function fieldsOf(row: UserRow) {
  return { displayName: row.displayName, role: row.role, state: row.state };
}

function describeUpdate(before: UserRow, after: UserRow, newPassword: boolean): AuditChanges {
  const fields = changedFields(fieldsOf(before), fieldsOf(after));
  // Only that it changed: the audit writes this word for any secret.
  return newPassword ? { ...fields, password: { after: SecretText.of('') } } : fields;
}
