/**
 * The stack of credentials of a registry. Adding takes a new place at the top; editing, enabling and
 * disabling keep the place. Secrets go in and never come out of here; `effective-logins.service.ts`
 * is what delivers them.
 */
import { randomUUID } from 'node:crypto';
import type { Credential, CredentialCreate, CredentialUpdate } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditActor, type AuditChanges, changedFields } from '../audit/audit-log.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/transaction.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem, stale } from '../http/problem.js';
import { CredentialChanges } from './credential-changes.js';
import { CredentialSealer } from './credential-sealer.js';
import { checkLogin, checkScope, type Login, readExpiry } from './credential-secret.js';
import { presentCredential, rolesOf } from './credentials.presenter.js';
import {
  type CredentialChange,
  type CredentialFields,
  type CredentialRow,
  CredentialsRepository,
  type OwnerRow,
} from './credentials.repository.js';

type CreateInput = z.output<typeof CredentialCreate>;
type UpdateInput = z.output<typeof CredentialUpdate>;
type State = 'enabled' | 'disabled';

/** A credential and its registry, as a path names them. */
export interface CredentialPlace {
  readonly registryId: string;
  readonly credentialId: string;
}

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

  async get(scope: EnvironmentScope, place: CredentialPlace): Promise<Credential> {
    const owner = await this.#owner(scope, place.registryId);
    const row = await this.repository.find(scope, place.registryId, place.credentialId);
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
      const owner = await this.repository.holdOwner(tx, scope, registryId);
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
      expiresAt: readExpiry(input.expiresAt, base) ?? null,
      sealed: this.sealer.seal(id, login),
      createdBy: { id: userOf(actor), name: actor.name },
    });
    await this.changes.announce(tx, actor, scope, { verb: 'create', owner, row });
    return row;
  }

  /**
   * Adds only when user name or secret differ from the newest of that scope, in whatever state that
   * is; else sets the time of expiry, if one is given. The caller holds the registry's lock.
   */
  async addIfDifferent(
    tx: Tx,
    actor: AuditActor,
    scope: EnvironmentScope,
    owner: Pick<OwnerRow, 'id' | 'address'>,
    input: CreateInput,
  ): Promise<void> {
    const base = '/credential';
    const login = checkLogin(input, base);
    const newest = await this.repository.findNewest(tx, owner.id, checkScope(input.scope, base));
    if (newest === undefined || !this.sealer.fingerprint(login).equals(newest.fingerprint)) {
      await this.add(tx, actor, scope, owner, input, base);
      return;
    }
    const wanted = { ...newest, expiresAt: readExpiry(input.expiresAt, base) };
    const changes = describeUpdate(newest, wanted);
    if (Object.keys(changes).length === 0) return;
    const row = await this.repository.update(tx, newest.id, wanted, null);
    await this.changes.announce(tx, actor, scope, { verb: 'update', owner, row, changes });
  }

  /** Addresses whose newest credential, in whatever state, is the one given for it already. */
  async findUnchanged(
    scope: EnvironmentScope,
    logins: readonly (Login & { readonly address: string })[],
    on: Queryable,
  ): Promise<ReadonlySet<string>> {
    const rows = await this.repository.listNewest(scope, on);
    const newest = new Map(rows.map(({ address, fingerprint }) => [address, fingerprint]));
    const unchanged = logins.filter((login) => {
      const fingerprint = newest.get(login.address);
      return fingerprint !== undefined && this.sealer.fingerprint(login).equals(fingerprint);
    });
    return new Set(unchanged.map(({ address }) => address));
  }

  async update(
    actor: Actor,
    scope: EnvironmentScope,
    place: CredentialPlace,
    input: UpdateInput,
    version: number | undefined,
  ): Promise<Credential> {
    return this.#change(scope, place, version, async (tx, owner, before) => {
      const login = readNewLogin(before, input);
      const wanted = {
        username: input.username ?? before.username,
        description: input.description ?? before.description,
        expiresAt: readExpiry(input.expiresAt, ''),
      };
      const changes = {
        ...describeUpdate(before, wanted),
        ...(login === null ? {} : { password: { after: login.password } }),
      };
      if (Object.keys(changes).length === 0) return before;
      const sealed = login === null ? null : this.sealer.seal(before.id, login);
      const row = await this.repository.update(tx, before.id, wanted, sealed);
      await this.changes.announce(tx, actor, scope, { verb: 'update', owner, row, changes });
      return row;
    });
  }

  /** Doing it twice changes nothing and is no error. */
  async setState(
    actor: Actor,
    scope: EnvironmentScope,
    place: CredentialPlace,
    state: State,
    version: number | undefined,
  ): Promise<Credential> {
    return this.#change(scope, place, version, async (tx, owner, before) => {
      if (before.state === state) return before;
      const row = await this.repository.setState(tx, before.id, state);
      const verb = state === 'enabled' ? 'enable' : 'disable';
      const changes = { state: { before: before.state, after: state } };
      await this.changes.announce(tx, actor, scope, { verb, owner, row, changes });
      return row;
    });
  }

  async remove(
    actor: Actor,
    scope: EnvironmentScope,
    place: CredentialPlace,
    version: number | undefined,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { owner, row } = await this.#lock(tx, scope, place, version);
      await this.repository.delete(tx, row.id);
      await this.changes.announce(tx, actor, scope, { verb: 'delete', owner, row });
    });
  }

  async #lock(
    tx: Tx,
    scope: EnvironmentScope,
    { registryId, credentialId }: CredentialPlace,
    version: number | undefined,
  ): Promise<{ owner: OwnerRow; row: CredentialRow }> {
    const owner = await this.repository.findOwner(scope, registryId, tx);
    const row = await this.repository.lock(tx, scope, registryId, credentialId);
    if (owner === undefined || row === undefined) throw notFound();
    if (version !== undefined && version !== row.version) throw stale();
    return { owner, row };
  }

  #change(
    scope: EnvironmentScope,
    place: CredentialPlace,
    version: number | undefined,
    change: (tx: Tx, owner: OwnerRow, before: CredentialRow) => Promise<CredentialRow>,
  ): Promise<Credential> {
    return this.database.transaction(async (tx) => {
      const { owner, row } = await this.#lock(tx, scope, place, version);
      return this.#present(tx, owner, await change(tx, owner, row));
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

/** The user behind the change; null for one of our own jobs. */
function userOf(actor: AuditActor): string | null {
  return 'userId' in actor && typeof actor.userId === 'string' ? actor.userId : null;
}

/** The login as it will be, or null when the stored secret stays; it stays with its user name only. */
function readNewLogin(before: CredentialRow, { username, password }: UpdateInput): Login | null {
  if (password !== undefined)
    return checkLogin({ username: username ?? before.username, password }, '');
  if (username === undefined || username === before.username) return null;
  const code = 'credential.secret-required';
  throw new Problem(code, 'Give the password that belongs to the new user name.', {
    errors: [{ pointer: '/password', code, detail: 'Needed with a new user name' }],
  });
}

/** `expiresAt` undefined = stays */
function describeUpdate(before: CredentialFields, after: CredentialChange): AuditChanges {
  const fields = (row: CredentialChange) => ({
    username: row.username,
    description: row.description,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  });
  const { expiresAt = before.expiresAt } = after;
  return changedFields(fields(before), fields({ ...after, expiresAt }));
}
