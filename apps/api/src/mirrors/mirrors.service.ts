import { randomUUID } from 'node:crypto';
import type { Mirror, MirrorUpdate, MirrorWrite } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditChanges, AuditLog } from '../audit/audit-log.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from '../events/outbox.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem, stale } from '../http/problem.js';
import { checkRewrites, readEndpoints, readMirrorRegistry } from './mirror-input.js';
import { presentMirror } from './mirrors.presenter.js';
import { type MirrorRow, MirrorsRepository } from './mirrors.repository.js';

@Injectable()
export class MirrorsService {
  constructor(
    private readonly database: Database,
    private readonly repository: MirrorsRepository,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  list(scope: EnvironmentScope, request: PageRequest): Promise<Page<Mirror>> {
    return this.repository.list(scope, request, presentMirror);
  }

  async get(scope: EnvironmentScope, id: string): Promise<Mirror> {
    const row = await this.repository.find(scope, id);
    if (row === undefined) throw notFound();
    return presentMirror(row);
  }

  async create(
    actor: Actor,
    scope: EnvironmentScope,
    input: z.output<typeof MirrorWrite>,
  ): Promise<Mirror> {
    const mirror = readMirror(scope, input);
    return this.database.transaction(async (tx) =>
      presentMirror(await this.#insert(tx, actor, scope, mirror)),
    );
  }

  /** Makes the mirror of that registry so, as a part of a larger change. Its place in the list stays. */
  async put(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    input: z.output<typeof MirrorWrite>,
  ): Promise<void> {
    const mirror = readMirror(scope, input);
    const before = await this.repository.lockByRegistry(tx, scope, mirror.registry);
    if (before === undefined) await this.#insert(tx, actor, scope, mirror);
    else await this.#change(tx, actor, scope, before, { ...mirror, position: before.position });
  }

  async update(
    actor: Actor,
    scope: EnvironmentScope,
    id: string,
    input: z.output<typeof MirrorUpdate>,
    version: number | undefined,
  ): Promise<Mirror> {
    const endpoints = input.endpoints === undefined ? undefined : readEndpoints(input.endpoints);
    if (input.rewrites !== undefined) checkRewrites(input.rewrites);
    return this.database.transaction(async (tx) => {
      const before = await this.#lock(tx, scope, id, version);
      const wanted = {
        endpoints: endpoints ?? before.endpoints,
        rewrites: input.rewrites ?? before.rewrites,
        position: input.position ?? before.position,
      };
      return presentMirror(await this.#change(tx, actor, scope, before, wanted));
    });
  }

  async remove(
    actor: Actor,
    scope: EnvironmentScope,
    id: string,
    version: number | undefined,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.#lock(tx, scope, id, version);
      await this.repository.delete(tx, id);
      await this.#announce(tx, actor, scope, 'delete', before, {});
    });
  }

  async #insert(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    mirror: CheckedMirror,
  ): Promise<MirrorRow> {
    const row = await this.repository.insert(tx, scope, { id: randomUUID(), ...mirror });
    await this.#announce(tx, actor, scope, 'create', row, describeChanges(undefined, row));
    return row;
  }

  /** Leaves no trace when nothing is different. The caller holds the row's lock. */
  async #change(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    before: MirrorRow,
    wanted: MirrorFields,
  ): Promise<MirrorRow> {
    const changes = describeChanges(before, wanted);
    if (Object.keys(changes).length === 0) return before;
    const after = await this.repository.update(tx, before.id, wanted);
    await this.#announce(tx, actor, scope, 'update', after, changes);
    return after;
  }

  async #lock(
    tx: Tx,
    scope: EnvironmentScope,
    id: string,
    version: number | undefined,
  ): Promise<MirrorRow> {
    const row = await this.repository.lock(tx, scope, id);
    if (row === undefined) throw notFound();
    if (version !== undefined && version !== row.version) throw stale();
    return row;
  }

  async #announce(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    verb: 'create' | 'update' | 'delete',
    row: MirrorRow,
    changes: AuditChanges,
  ): Promise<void> {
    await this.audit.record(tx, {
      actor,
      action: `mirror.${verb}`,
      object: { kind: 'mirror', id: row.id, name: row.registry },
      environmentId: scope.environmentId,
      changes,
    });
    const kind = verb === 'create' ? 'created' : verb === 'update' ? 'updated' : 'deleted';
    await this.outbox.publish(tx, {
      topic: 'mirrors',
      kind,
      id: row.id,
      environmentId: scope.environmentId,
      version: row.version,
    });
  }
}

type CheckedMirror = Pick<MirrorRow, 'registry' | 'endpoints' | 'rewrites'>;

function readMirror(scope: EnvironmentScope, input: z.output<typeof MirrorWrite>): CheckedMirror {
  if (scope.state === 'removing') throw new Problem('environment.removing');
  const registry = readMirrorRegistry(input.registry);
  const endpoints = readEndpoints(input.endpoints);
  checkRewrites(input.rewrites);
  return { registry, endpoints, rewrites: input.rewrites };
}

type MirrorFields = Pick<MirrorRow, 'endpoints' | 'rewrites' | 'position'>;

/** The fields that differ; lists are compared with their order, which nodes follow. */
function describeChanges(before: MirrorFields | undefined, after: MirrorFields): AuditChanges {
  const old = before === undefined ? undefined : auditFields(before);
  return Object.fromEntries(
    Object.entries(auditFields(after))
      .map(([field, value]) => [field, { before: old?.[field] ?? null, after: value }] as const)
      .filter(([, { before, after }]) => JSON.stringify(before) !== JSON.stringify(after)),
  );
}

function auditFields(row: MirrorFields): Record<string, readonly string[] | number> {
  return {
    endpoints: row.endpoints,
    rewrites: row.rewrites.map(({ pattern, replacement }) => `${pattern} → ${replacement}`),
    position: row.position,
  };
}
