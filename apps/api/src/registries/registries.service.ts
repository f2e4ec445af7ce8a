import { randomUUID } from 'node:crypto';
import type { Registry, RegistryCreate, RegistryUpdate, RegistryUpsert } from '@moorage/contract';
import { recogniseProvider } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem, stale } from '../http/problem.js';
import { presentRegistry } from './registries.presenter.js';
import {
  RegistriesRepository,
  type RegistryFilter,
  type RegistryRow,
} from './registries.repository.js';
import { describeUpdate, RegistryChanges } from './registry-changes.js';
import {
  type CheckedConnection,
  type ConnectionChange,
  checkConnection,
  DEFAULT_CONNECTION,
} from './registry-connection.js';
import { type AddressedInput, readAddress } from './registry-input.js';

type CreateInput = z.output<typeof RegistryCreate>;
type UpsertInput = z.output<typeof RegistryUpsert>;
type UpdateInput = Omit<z.output<typeof RegistryUpdate>, 'address'>;

/** As the table and the contract have it; an address can be longer. */
const NAME_MAX_LENGTH = 200;
// Another call can add or delete the same address between looking and adding; once each is plenty.
const UPSERT_ATTEMPTS = 3;

@Injectable()
export class RegistriesService {
  constructor(
    private readonly database: Database,
    private readonly repository: RegistriesRepository,
    private readonly changes: RegistryChanges,
    private readonly credentials: CredentialsService,
  ) {}

  list(scope: EnvironmentScope, query: PageRequest & RegistryFilter): Promise<Page<Registry>> {
    return this.repository.list(scope, query, query, presentRegistry);
  }

  async get(scope: EnvironmentScope, id: string): Promise<Registry> {
    const row = await this.repository.find(scope, id);
    if (row === undefined) throw notFound();
    return presentRegistry(row);
  }

  async create(actor: Actor, scope: EnvironmentScope, input: CreateInput): Promise<Registry> {
    refuseWhenRemoving(scope);
    const addressed = readAddress(input.address, input.credential, '/address');
    return this.database.transaction(async (tx) => {
      const row = await this.#insert(tx, actor, scope, addressed, input);
      if (row === undefined) throw await this.#addressExists(tx, scope, addressed.address);
      const { credential } = addressed;
      const login =
        credential === undefined
          ? undefined
          : await this.credentials.add(tx, actor, scope, row, credential, '/credential');
      return presentRegistry(await this.repository.describeNew(tx, scope, row, login));
    });
  }

  /** The same call twice changes nothing the second time. Never enables what someone disabled. */
  async upsert(
    actor: Actor,
    scope: EnvironmentScope,
    address: string,
    input: UpsertInput,
    version: number | undefined,
  ): Promise<Registry> {
    return this.database.transaction(async (tx) => {
      const id = await this.upsertIn(tx, actor, scope, address, input, version);
      return this.#present(tx, scope, id);
    });
  }

  /** As `upsert`, as a part of a larger change. Answers the id. */
  async upsertIn(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    address: string,
    input: UpsertInput,
    version?: number,
  ): Promise<string> {
    refuseWhenRemoving(scope);
    const addressed = readAddress(address, input.credential, 'address');
    const row = await this.#makeSo(tx, actor, scope, addressed, input, version);
    // The row is locked: of two equal calls the second one finds what the first one added.
    if (addressed.credential !== undefined)
      await this.credentials.addIfDifferent(tx, actor, scope, row, addressed.credential);
    return row.id;
  }

  async update(
    actor: Actor,
    scope: EnvironmentScope,
    id: string,
    input: UpdateInput,
    version: number | undefined,
  ): Promise<Registry> {
    return this.#change(scope, id, (tx, before) =>
      this.#update(tx, actor, scope, before, input, version),
    );
  }

  /** Doing it twice changes nothing and is no error. */
  async setState(
    actor: Actor,
    scope: EnvironmentScope,
    id: string,
    state: 'enabled' | 'disabled',
    version: number | undefined,
  ): Promise<Registry> {
    return this.#change(scope, id, async (tx, before) => {
      refuseWhenStale(before, version);
      if (before.state === state) return;
      const after = await this.repository.setState(tx, id, state);
      if (after === undefined) throw notFound();
      const verb = state === 'enabled' ? 'enable' : 'disable';
      await this.changes.announce(tx, actor, scope, {
        verb,
        row: after,
        changes: { state: { before: before.state, after: state } },
      });
    });
  }

  async remove(
    actor: Actor,
    scope: EnvironmentScope,
    id: string,
    version: number | undefined,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, scope, id);
      if (before === undefined) throw notFound();
      refuseWhenStale(before, version);
      const credentials = await this.repository.countCredentials(tx, id);
      await this.repository.delete(tx, id);
      await this.changes.announce(tx, actor, scope, {
        verb: 'delete',
        row: before,
        changes: { credentials: { before: credentials, after: 0 } },
      });
    });
  }

  /** The registry of that address, added or changed as needed, and locked. */
  async #makeSo(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    addressed: AddressedInput,
    input: UpsertInput,
    version: number | undefined,
  ): Promise<RegistryRow> {
    for (let attempt = 0; attempt < UPSERT_ATTEMPTS; attempt += 1) {
      const row = await this.repository.lockByAddress(tx, scope, addressed.address);
      if (row !== undefined) {
        const change = { ...input, connection: connectionOf(addressed, input) };
        return this.#update(tx, actor, scope, row, change, version);
      }
      if (version !== undefined) throw stale();
      const added = await this.#insert(tx, actor, scope, addressed, input);
      if (added !== undefined) return added;
    }
    throw stale();
  }

  async #insert(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    addressed: AddressedInput,
    input: UpsertInput,
  ): Promise<RegistryRow | undefined> {
    const { address } = addressed;
    const connection = checkConnection(
      { ...DEFAULT_CONNECTION, hasClientKey: false },
      connectionOf(addressed, input),
    );
    const row = await this.repository.insert(tx, scope, {
      ...connection,
      id: randomUUID(),
      address,
      provider: input.provider ?? recogniseProvider(address),
      name: input.name ?? address.slice(0, NAME_MAX_LENGTH),
      description: input.description ?? '',
      deliver: input.deliver ?? 'both',
    });
    if (row === undefined) return undefined;
    const { name, provider, deliver } = row;
    await this.changes.announce(tx, actor, scope, {
      verb: 'create',
      row,
      changes: {
        address: { after: address },
        name: { after: name },
        provider: { after: provider },
        deliver: { after: deliver },
      },
    });
    return row;
  }

  /** Leaves no trace when nothing is different. */
  async #update(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    before: RegistryRow,
    input: UpdateInput,
    version: number | undefined,
  ): Promise<RegistryRow> {
    refuseWhenStale(before, version);
    const connection = checkConnection(before, input.connection ?? {});
    const clientKey = await this.#newKey(tx, before, connection.clientKey);
    const wanted = {
      ...connection,
      clientKey,
      provider: input.provider ?? before.provider,
      name: input.name ?? before.name,
      description: input.description ?? before.description,
      deliver: input.deliver ?? before.deliver,
    };
    const changes = describeUpdate(before, wanted, clientKey);
    if (Object.keys(changes).length === 0) return before;
    const row = await this.repository.update(tx, before.id, wanted);
    await this.changes.announce(tx, actor, scope, { verb: 'update', row, changes });
    return row;
  }

  /** undefined when the key that was given is the one that is stored, or there is none to remove */
  async #newKey(
    tx: Tx,
    before: RegistryRow,
    key: CheckedConnection['clientKey'],
  ): Promise<CheckedConnection['clientKey']> {
    if (key === undefined || !before.hasClientKey) return key ?? undefined;
    if (key === null) return null;
    return (await this.repository.holdsClientKey(tx, before.id, key)) ? undefined : key;
  }

  #change(
    scope: EnvironmentScope,
    id: string,
    change: (tx: Tx, before: RegistryRow) => Promise<unknown>,
  ): Promise<Registry> {
    return this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, scope, id);
      if (before === undefined) throw notFound();
      await change(tx, before);
      return this.#present(tx, scope, id);
    });
  }

  async #present(tx: Tx, scope: EnvironmentScope, id: string): Promise<Registry> {
    const row = await this.repository.find(scope, id, tx);
    if (row === undefined) throw notFound();
    return presentRegistry(row);
  }

  async #addressExists(tx: Tx, scope: EnvironmentScope, address: string): Promise<Problem> {
    const existing = await this.repository.lockByAddress(tx, scope, address);
    const detail = `${address} is here already${existing === undefined ? '' : `, as "${existing.name}"`}: add a credential to it.`;
    return new Problem(
      'registry.address-exists',
      detail,
      existing === undefined ? {} : { members: { registryId: existing.id } },
    );
  }
}

function refuseWhenRemoving(scope: EnvironmentScope): void {
  if (scope.state === 'removing') throw new Problem('environment.removing');
}

function refuseWhenStale({ version }: RegistryRow, expected: number | undefined): void {
  if (expected !== undefined && expected !== version) throw stale();
}

/** A scheme that was pasted with the address is a connection setting; one that is given there wins. */
function connectionOf({ scheme }: AddressedInput, { connection }: UpsertInput): ConnectionChange {
  return { ...(scheme === null ? {} : { scheme }), ...connection };
}
