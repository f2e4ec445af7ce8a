/**
 * The stack of credentials of a registry. Adding takes a new place at the top; editing, enabling and
 * disabling keep the place. Secrets go in and never come out of here; `effective-logins.service.ts`
 * is what delivers them.
 */
import { randomUUID } from 'node:crypto';
import type { Credential, CredentialCreate, CredentialUpdate } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AuditActor } from '../audit/audit-log.js';
import { changedFields } from '../audit/audit-log.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem, stale } from '../http/problem.js';
import { CredentialChanges } from './credential-changes.js';
import { CredentialSealer } from './credential-sealer.js';
import { checkLogin, checkScope } from './credential-secret.js';
import { presentCredential, rolesOf } from './credentials.presenter.js';
import {
  type CredentialRow,
  CredentialsRepository,
  type OwnerRow,
} from './credentials.repository.js';

type CreateInput = z.output<typeof CredentialCreate>;
type UpdateInput = z.output<typeof CredentialUpdate>;

@Injectable()
export class CredentialsService {
  constructor(
    private readonly database: Database,
    private readonly repository: CredentialsRepository,
    private readonly changes: CredentialChanges,
    private readonly sealer: CredentialSealer,
  ) {}

  async list(
    scope: EnvironmentScope,
    registryId: string,
    request: PageRequest,
  ): Promise<Page<Credential>> {
    const owner = await this.#owner(scope, registryId);
    const roles = rolesOf(await this.repository.loadStack(owner.id), owner);
    return this.repository.list(owner.id, request, (row) => presentCredential(row, roles));
  }

  async get(scope: EnvironmentScope, registryId: string, id: string): Promise<Credential> {
    const owner = await this.#owner(scope, registryId);
    const row = await this.repository.find(scope, registryId, id);
    if (row === undefined) throw notFound();
    return presentCredential(row, rolesOf(await this.repository.loadStack(owner.id), owner));
  }

  async create(
    actor: Actor,
    scope: EnvironmentScope,
    registryId: string,
    input: CreateInput,
  ): Promise<Credential> {
    return this.database.transaction(async (tx) => {
      const owner = await this.repository.findOwner(scope, registryId, tx);
      if (owner === undefined) throw notFound();
      const row = await this.add(tx, actor, scope, owner, input, '');
      return this.#present(tx, owner, row);
    });
  }

  /** Adds to the top of the stack. `base` is where the credential stands in the request's body. */
  async add(
    tx: Tx,
    actor: AuditActor,
    scope: EnvironmentScope,
    owner: Pick<OwnerRow, 'id' | 'address'>,
    input: CreateInput,
    base: string,
  ): Promise<CredentialRow> {
    const login = checkLogin(input, base);
    const id = randomUUID();
    const row = await this.repository.insert(tx, scope, {
      id,
      registryId: owner.id,
      username: login.username,
      scope: checkScope(input.scope, base),
      description: input.description,
      expiresAt: parseTime(input.expiresAt) ?? null,
      sealed: this.sealer.seal(id, login),
      createdBy: {
        id: 'userId' in actor && typeof actor.userId === 'string' ? actor.userId : null,
        name: actor.name,
      },
    });
    await this.changes.announce(tx, actor, scope, { verb: 'create', owner, row });
    return row;
  }

  /** Adds only when user name or secret differ from the newest of that scope, in whatever state that is. */
  async addIfDifferent(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    owner: Pick<OwnerRow, 'id' | 'address'>,
    input: CreateInput,
  ): Promise<void> {
    const login = checkLogin(input, '/credential');
    const newest = await this.repository.findNewest(
      tx,
      owner.id,
      checkScope(input.scope, '/credential'),
    );
    if (newest === undefined || !this.sealer.fingerprint(login).equals(newest.fingerprint)) {
      await this.add(tx, actor, scope, owner, input, '/credential');
      return;
    }
    const expiresAt = parseTime(input.expiresAt);
    if (expiresAt === undefined || expiresAt?.getTime() === newest.expiresAt?.getTime()) return;
    const row = await this.repository.update(tx, newest.id, {
      username: null,
      description: null,
      expiresAt,
      sealed: null,
      version: null,
    });
    if (row === undefined) throw notFound();
    const changes = {
      expiresAt: {
        before: newest.expiresAt?.toISOString() ?? null,
        after: expiresAt?.toISOString() ?? null,
      },
    };
    await this.changes.announce(tx, actor, scope, { verb: 'update', owner, row, changes });
  }

  async update(
    actor: Actor,
    scope: EnvironmentScope,
    registryId: string,
    id: string,
    input: UpdateInput,
    version: number | undefined,
  ): Promise<Credential> {
    return this.#change(scope, registryId, id, async (tx, owner, before) => {
      if (
        input.username !== undefined &&
        input.username !== before.username &&
        input.password === undefined
      ) {
        throw new Problem(
          'credential.secret-required',
          'Give the password that belongs to the new user name.',
          {
            errors: [
              {
                pointer: '/password',
                code: 'credential.secret-required',
                detail: 'Needed with a new user name',
              },
            ],
          },
        );
      }
      const login = checkLogin(
        { username: input.username ?? before.username, password: input.password ?? 'unchanged' },
        '',
      );
      const after = await this.repository.update(tx, id, {
        username: input.username ?? null,
        description: input.description ?? null,
        expiresAt: parseTime(input.expiresAt),
        sealed: input.password === undefined ? null : this.sealer.seal(id, login),
        version: version ?? null,
      });
      if (after === undefined) throw stale();
      const changes = {
        ...changedFields(auditFields(before), auditFields(after)),
        ...(input.password === undefined
          ? {}
          : { password: { after: SecretText.of(input.password) } }),
      };
      await this.changes.announce(tx, actor, scope, { verb: 'update', owner, row: after, changes });
      return after;
    });
  }

  /** Doing it twice changes nothing and is no error. */
  async setState(
    actor: Actor,
    scope: EnvironmentScope,
    registryId: string,
    id: string,
    state: 'enabled' | 'disabled',
  ): Promise<Credential> {
    return this.#change(scope, registryId, id, async (tx, owner, before) => {
      if (before.state === state) return before;
      const after = await this.repository.setState(tx, id, state);
      if (after === undefined) throw notFound();
      const verb = state === 'enabled' ? 'enable' : 'disable';
      await this.changes.announce(tx, actor, scope, {
        verb,
        owner,
        row: after,
        changes: { state: { before: before.state, after: state } },
      });
      return after;
    });
  }

  async remove(
    actor: Actor,
    scope: EnvironmentScope,
    registryId: string,
    id: string,
    version: number | undefined,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const owner = await this.repository.findOwner(scope, registryId, tx);
      const before = await this.repository.lock(tx, scope, registryId, id);
      if (owner === undefined || before === undefined) throw notFound();
      if ((await this.repository.delete(tx, id, version ?? null)) === 0) throw stale();
      await this.changes.announce(tx, actor, scope, { verb: 'delete', owner, row: before });
    });
  }

  #change(
    scope: EnvironmentScope,
    registryId: string,
    id: string,
    change: (tx: Tx, owner: OwnerRow, before: CredentialRow) => Promise<CredentialRow>,
  ): Promise<Credential> {
    return this.database.transaction(async (tx) => {
      const owner = await this.repository.findOwner(scope, registryId, tx);
      const before = await this.repository.lock(tx, scope, registryId, id);
      if (owner === undefined || before === undefined) throw notFound();
      return this.#present(tx, owner, await change(tx, owner, before));
    });
  }

  async #present(tx: Tx, owner: OwnerRow, row: CredentialRow): Promise<Credential> {
    return presentCredential(row, rolesOf(await this.repository.loadStack(owner.id, tx), owner));
  }

  async #owner(scope: EnvironmentScope, registryId: string): Promise<OwnerRow> {
    const owner = await this.repository.findOwner(scope, registryId);
    if (owner === undefined) throw notFound();
    return owner;
  }
}

function parseTime(text: string | null | undefined): Date | null | undefined {
  return typeof text === 'string' ? new Date(text) : text;
}

function auditFields(row: CredentialRow) {
  return {
    username: row.username,
    description: row.description,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}
