import { randomUUID } from 'node:crypto';
import type { Registry, RegistryCreate, RegistryUpdate, RegistryUpsert } from '@moorage/contract';
import { recogniseProvider } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditChanges, changedFields } from '../audit/audit-log.js';
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
import { RegistryChanges } from './registry-changes.js';
import { checkConnection, DEFAULT_CONNECTION } from './registry-connection.js';
import { type AddressedInput, readAddress } from './registry-input.js';

type CreateInput = z.output<typeof RegistryCreate>;
type UpsertInput = z.output<typeof RegistryUpsert>;
type UpdateInput = Omit<z.output<typeof RegistryUpdate>, 'address'>;

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
    const addressed = readAddress(input.address, input.credential);
    return this.database.transaction(async (tx) => {
      const row = await this.#insert(tx, actor, scope, addressed, input);
      if (row === undefined) throw await this.#addressExists(tx, scope, addressed.address);
      if (addressed.credential !== undefined)
        await this.credentials.add(tx, actor, scope, row, addressed.credential, '/credential');
      return this.#present(tx, scope, row.id);
    });
  }

  /** The same call twice changes nothing the second time. Never enables what someone disabled. */
  async upsert(
    actor: Actor,
    scope: EnvironmentScope,
    address: string,
    input: UpsertInput,
  ): Promise<Registry> {
    refuseWhenRemoving(scope);
    const addressed = readAddress(address, input.credential);
    return this.database.transaction(async (tx) => {
      const inserted = await this.#insert(tx, actor, scope, addressed, input);
      const row = inserted ?? (await this.repository.lockByAddress(tx, scope, addressed.address));
      if (row === undefined) throw notFound();
      if (inserted === undefined) await this.#update(tx, actor, scope, row, input);
      if (addressed.credential !== undefined)
        await this.credentials.addIfDifferent(tx, actor, scope, row, addressed.credential);
      return this.#present(tx, scope, row.id);
    });
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
  ): Promise<Registry> {
    return this.#change(scope, id, async (tx, before) => {
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
      if ((await this.repository.delete(tx, id, version ?? null)) === 0) throw stale();
      await this.changes.announce(tx, actor, scope, { verb: 'delete', row: before });
    });
  }

  async #insert(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    { address, scheme }: AddressedInput,
    input: UpsertInput,
  ): Promise<RegistryRow | undefined> {
    const connection = checkConnection(
      { ...DEFAULT_CONNECTION, hasClientKey: false },
      { ...(scheme === null ? {} : { scheme }), ...input.connection },
    );
    const row = await this.repository.insert(tx, scope, {
      ...connection,
      id: randomUUID(),
      address,
      provider: input.provider ?? recogniseProvider(address),
      name: input.name ?? address,
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

  async #update(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    before: RegistryRow,
    input: UpdateInput,
    version?: number,
  ): Promise<void> {
    if (version !== undefined && version !== before.version) throw stale();
    const connection = checkConnection(before, input.connection ?? {});
    const change = {
      provider: input.provider ?? null,
      name: input.name ?? null,
      description: input.description ?? null,
      deliver: input.deliver ?? null,
    };
    if (!differs(before, change, connection)) return;
    const after = await this.repository.update(tx, before.id, {
      ...connection,
      ...change,
      version: version ?? null,
    });
    if (after === undefined) throw stale();
    const changes: AuditChanges = {
      ...changedFields(auditFields(before), auditFields(after)),
      ...(connection.clientKey === undefined
        ? {}
        : { clientKey: { after: connection.clientKey ?? 'removed' } }),
    };
    await this.changes.announce(tx, actor, scope, { verb: 'update', row: after, changes });
  }

  #change(
    scope: EnvironmentScope,
    id: string,
    change: (tx: Tx, before: RegistryRow) => Promise<void>,
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

function auditFields(row: RegistryRow) {
  const {
    provider,
    name,
    description,
    deliver,
    scheme,
    insecureSkipVerify,
    caCertificate,
    clientCertificate,
  } = row;
  return {
    provider,
    name,
    description,
    deliver,
    scheme,
    insecureSkipVerify,
    caCertificate,
    clientCertificate,
  };
}

type Updatable = Pick<RegistryRow, 'provider' | 'name' | 'description' | 'deliver'>;

/** True when the update would change a row: an upsert that changes nothing must leave no trace. */
function differs(
  before: RegistryRow,
  change: { readonly [K in keyof Updatable]: Updatable[K] | null },
  connection: ReturnType<typeof checkConnection>,
): boolean {
  if (
    connection.clientKey !== undefined &&
    !(connection.clientKey === null && !before.hasClientKey)
  )
    return true;
  const { provider, name, description, deliver } = change;
  const wanted = {
    provider: provider ?? before.provider,
    name: name ?? before.name,
    description: description ?? before.description,
    deliver: deliver ?? before.deliver,
  };
  const { scheme, insecureSkipVerify, caCertificate, clientCertificate } = connection;
  return (
    Object.keys(
      changedFields(auditFields(before), {
        ...wanted,
        scheme,
        insecureSkipVerify,
        caCertificate,
        clientCertificate,
      }),
    ).length > 0
  );
}
