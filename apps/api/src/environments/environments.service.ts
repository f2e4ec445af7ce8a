import { randomUUID } from 'node:crypto';
import type {
  Environment,
  EnvironmentCreate,
  EnvironmentSummary,
  EnvironmentUpdate,
} from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditActor, AuditLog, changedFields, systemActor } from '../audit/audit-log.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from '../events/outbox.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem, stale } from '../http/problem.js';
import { firstFreeName, isReservedName, nameFromDisplayName } from './environment-name.js';
import { presentEnvironment, presentSummary } from './environments.presenter.js';
import { type EnvironmentRow, EnvironmentsRepository } from './environments.repository.js';

export const DEFAULT_ENVIRONMENT = 'default';

@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly database: Database,
    private readonly repository: EnvironmentsRepository,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  list(actor: Actor, request: PageRequest): Promise<Page<Environment>> {
    const visible = {
      memberId: actor.role === 'admin' ? null : actor.userId,
      onlyId: actor.keyEnvironmentId,
    };
    return this.repository.list(visible, request, presentEnvironment);
  }

  async get(scope: EnvironmentScope): Promise<Environment> {
    const row = await this.repository.find(scope);
    if (row === undefined) throw notFound();
    return presentEnvironment(row);
  }

  async summary(scope: EnvironmentScope): Promise<EnvironmentSummary> {
    const row = await this.repository.loadSummary(scope);
    if (row === undefined) throw notFound();
    return presentSummary(row);
  }

  async create(
    actor: AuditActor,
    input: z.output<typeof EnvironmentCreate>,
    simulated = false,
  ): Promise<Environment> {
    if (input.name !== undefined && isReservedName(input.name))
      throw new Problem('environment.name-exists', 'A name cannot look like an id.');
    return this.database.transaction(async (tx) => {
      const name = input.name ?? (await this.#makeName(tx, input.displayName));
      const row = await this.repository.insert(tx, {
        id: randomUUID(),
        name,
        displayName: input.displayName,
        description: input.description,
        simulated,
      });
      await this.#announce(tx, actor, 'create', row, {
        name: { after: row.name },
        displayName: { after: row.displayName },
      });
      return presentEnvironment(row);
    });
  }

  /** On the first start; does nothing where it exists. */
  async ensureDefault(): Promise<void> {
    const page = await this.repository.list(
      { memberId: null, onlyId: null },
      { limit: 1 },
      (row) => row.id,
    );
    if (page.total > 0) return;
    await this.create(systemActor('start'), {
      name: DEFAULT_ENVIRONMENT,
      displayName: 'Default',
      description: '',
    }).catch((error: unknown) => {
      // Another replica that started at the same moment made it.
      if (!(error instanceof Problem && error.code === 'environment.name-exists')) throw error;
    });
  }

  async update(
    actor: Actor,
    scope: EnvironmentScope,
    input: z.output<typeof EnvironmentUpdate>,
    version: number | undefined,
  ): Promise<Environment> {
    return this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, scope);
      if (before === undefined) throw notFound();
      const after = await this.repository.update(tx, scope, {
        displayName: input.displayName ?? null,
        description: input.description ?? null,
        version: version ?? null,
      });
      if (after === undefined) throw stale();
      const fields = (row: EnvironmentRow) => ({
        displayName: row.displayName,
        description: row.description,
      });
      await this.#announce(
        tx,
        actor,
        'update',
        after,
        changedFields(fields(before), fields(after)),
      );
      return presentEnvironment(after);
    });
  }

  /** Its objects leave the clusters first; the environment is gone when the last one has. */
  async remove(actor: Actor, scope: EnvironmentScope): Promise<void> {
    if (scope.name === DEFAULT_ENVIRONMENT) throw new Problem('environment.default-stays');
    await this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, scope);
      if (before === undefined) throw notFound();
      if (before.state === 'removing') return;
      const targets = await this.repository.startRemoving(tx, scope);
      for (const { targetId, clusterId, version } of targets) {
        await this.outbox.publish(tx, {
          topic: 'targets',
          kind: 'updated',
          id: targetId,
          environmentId: scope.environmentId,
          clusterId,
          version,
        });
      }
      await this.#announce(
        tx,
        actor,
        'remove',
        { ...before, state: 'removing', version: before.version + 1 },
        { state: { before: 'active', after: 'removing' } },
      );
    });
    await this.finishRemovals();
  }

  /** Deletes removed environments whose last target has left its cluster. Safe to call at any time. */
  async finishRemovals(): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const { id, name } of await this.repository.deleteEmptied(tx)) {
        await this.audit.record(tx, {
          actor: systemActor('environment removal'),
          action: 'environment.delete',
          object: { kind: 'environment', id, name },
          environmentId: id,
        });
        await this.outbox.publish(tx, {
          topic: 'environments',
          kind: 'deleted',
          id,
          environmentId: id,
        });
      }
    });
  }

  async #makeName(tx: Tx, displayName: string): Promise<string> {
    const name = nameFromDisplayName(displayName);
    return firstFreeName(name, await this.repository.namesLike(tx, name.slice(0, 30)));
  }

  async #announce(
    tx: Tx,
    actor: AuditActor,
    verb: 'create' | 'update' | 'remove',
    row: EnvironmentRow,
    changes: Parameters<AuditLog['record']>[1]['changes'] & object,
  ): Promise<void> {
    await this.audit.record(tx, {
      actor,
      action: `environment.${verb}`,
      object: { kind: 'environment', id: row.id, name: row.name },
      environmentId: row.id,
      changes,
    });
    await this.outbox.publish(tx, {
      topic: 'environments',
      kind: verb === 'create' ? 'created' : 'updated',
      id: row.id,
      environmentId: row.id,
      version: row.version,
    });
  }
}
