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
    if (scope.state === 'removing') throw new Problem('environment.removing');
    const registry = readMirrorRegistry(input.registry);
    const endpoints = readEndpoints(input.endpoints);
    checkRewrites(input.rewrites);
    return this.database.transaction(async (tx) => {
      const row = await this.repository.insert(tx, scope, {
        id: randomUUID(),
        registry,
        endpoints,
        rewrites: input.rewrites,
      });
      await this.#announce(tx, actor, scope, 'create', row, describeChanges(undefined, row));
      return presentMirror(row);
    });
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
      const before = await this.repository.lock(tx, scope, id);
      if (before === undefined) throw notFound();
      const after = await this.repository.update(tx, id, {
        endpoints: endpoints ?? before.endpoints,
        rewrites: input.rewrites ?? before.rewrites,
        position: input.position ?? before.position,
        version: version ?? null,
      });
      if (after === undefined) throw stale();
      await this.#announce(tx, actor, scope, 'update', after, describeChanges(before, after));
      return presentMirror(after);
    });
  }

  async remove(actor: Actor, scope: EnvironmentScope, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, scope, id);
      if (before === undefined) throw notFound();
      await this.repository.delete(tx, id);
      await this.#announce(tx, actor, scope, 'delete', before, {});
    });
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

function describeChanges(before: MirrorRow | undefined, after: MirrorRow): AuditChanges {
  const rules = (row: MirrorRow) =>
    row.rewrites.map(({ pattern, replacement }) => `${pattern} → ${replacement}`);
  return {
    endpoints: { before: before?.endpoints ?? null, after: after.endpoints },
    rewrites: { before: before === undefined ? null : rules(before), after: rules(after) },
    position: { before: before?.position ?? null, after: after.position },
  };
}
