import { randomUUID } from 'node:crypto';
import type {
  AdoptInput,
  Target,
  TargetCreate,
  TargetNamespace,
  TargetUpdate,
} from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { mayUseEveryCluster } from '../auth/access-decision.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem, stale } from '../http/problem.js';
import { type ClusterUse, refuseUse } from './cluster-use.js';
import { TargetAnnouncements } from './target-announcements.js';
import { type Reach, TargetLockOuts } from './target-lock-outs.js';
import type { TargetRow, TargetSettings } from './target-row.js';
import { defaultSettings, mergeSettings } from './target-settings.js';
import { presentTarget, presentTargetNamespace } from './targets.presenter.js';
import { TargetsRepository } from './targets.repository.js';

@Injectable()
export class TargetsService {
  constructor(
    private readonly database: Database,
    private readonly repository: TargetsRepository,
    private readonly announcements: TargetAnnouncements,
    private readonly lockOuts: TargetLockOuts,
  ) {}

  list(
    scope: EnvironmentScope,
    request: PageRequest & { clusterId?: string | undefined },
  ): Promise<Page<Target>> {
    return this.repository.list(scope, request.clusterId ?? null, request, presentTarget);
  }

  async get(scope: EnvironmentScope, id: string): Promise<Target> {
    return presentTarget(await this.find(scope, id));
  }

  async find(scope: EnvironmentScope, id: string): Promise<TargetRow> {
    const row = await this.repository.find(scope, id);
    if (row === undefined) throw notFound();
    return row;
  }

  async create(
    actor: Actor,
    scope: EnvironmentScope,
    input: z.output<typeof TargetCreate>,
  ): Promise<Target> {
    const limited = !mayUseEveryCluster(actor);
    const settings = mergeSettings(defaultSettings(scope.name), input, limited);
    await this.#refuseLockOut(scope, input.clusterId, { before: null, after: settings });
    return await this.database.transaction(async (tx) => {
      await this.#refuseUnusable(tx, scope, input.clusterId, {
        limited,
        nodes: settings.nodeConfigEnabled,
      });
      const target = { ...settings, id: randomUUID(), clusterId: input.clusterId };
      const row = await this.repository.insert(tx, scope, target);
      await this.announcements.created(tx, actor, row);
      return presentTarget(row);
    });
  }

  async update(
    actor: Actor,
    scope: EnvironmentScope,
    id: string,
    input: z.output<typeof TargetUpdate> & { readonly version: number | undefined },
  ): Promise<Target> {
    if (input.namespaces !== undefined) {
      const before = await this.find(scope, id);
      const after = mergeSettings(before, input, !mayUseEveryCluster(actor));
      await this.#refuseLockOut(scope, before.clusterId, { before, after });
    }
    return await this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, scope, id);
      if (before === undefined) throw notFound();
      if (input.version !== undefined && before.version !== input.version) throw stale();
      if (before.state === 'removing')
        throw new Problem('object.stale', 'This target is being removed.');
      // Whoever chooses the namespaces answers for them: an admin needs no grant, others do.
      const needsGrant = !mayUseEveryCluster(actor);
      const limited = input.namespaces === undefined ? before.limitedToGrants : needsGrant;
      const settings = mergeSettings(before, input, limited);
      const nodes = settings.nodeConfigEnabled && !before.nodeConfigEnabled;
      if (needsGrant && (nodes || input.namespaces !== undefined)) {
        await this.#refuseUnusable(tx, scope, before.clusterId, { limited: true, nodes });
      }
      const after = await this.repository.update(tx, scope, id, settings);
      await this.announcements.updated(tx, { actor, before, after });
      return presentTarget(after);
    });
  }

  /** Its Secrets and entries leave the cluster, then the row goes. */
  async remove(actor: Actor, scope: EnvironmentScope, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, scope, id);
      if (before === undefined) throw notFound();
      if (before.state === 'removing') return;
      await this.repository.startRemoving(tx, scope, id);
      const after = { ...before, state: 'removing' as const, version: before.version + 1 };
      await this.announcements.removing(tx, actor, after);
    });
  }

  /** Only says "look at it now", to whichever replica holds the cluster. */
  async requestSync(scope: EnvironmentScope, id: string): Promise<void> {
    const row = await this.find(scope, id);
    await this.database.transaction((tx) => this.announcements.publish(tx, 'updated', row));
  }

  async listNamespaces(
    scope: EnvironmentScope,
    id: string,
    request: PageRequest & { state?: string | undefined },
  ): Promise<Page<TargetNamespace>> {
    const row = await this.find(scope, id);
    return await this.repository.listNamespaces(
      row,
      request.state ?? null,
      request,
      presentTargetNamespace,
    );
  }

  async decideConflict(
    actor: Actor,
    scope: EnvironmentScope,
    id: string,
    { namespace, choice }: z.output<typeof AdoptInput>,
  ): Promise<TargetNamespace> {
    return await this.database.transaction(async (tx) => {
      const row = await this.repository.lock(tx, scope, id);
      if (row === undefined) throw notFound();
      const decided = await this.repository.decideConflict(tx, row, {
        namespace,
        choice: choice === 'undecided' ? null : choice,
      });
      if (decided === undefined) throw new Problem('target.no-conflict');
      await this.announcements.decided(tx, actor, { row, namespace, choice });
      return presentTargetNamespace(decided);
    });
  }

  /** Reads the cluster, so it comes before anything is locked. */
  async #refuseLockOut(
    scope: EnvironmentScope,
    clusterId: string,
    { before, after }: { before: TargetSettings | null; after: TargetSettings },
  ): Promise<void> {
    const cluster = await this.repository.findCluster(scope, clusterId);
    // Not there, or not to be used: the checks that follow say which.
    if (cluster === undefined || (after.limitedToGrants && cluster.grants === null)) return;
    if (cluster.simulated !== scope.simulated) return;
    const reach = (settings: TargetSettings): Reach => {
      const { include, exclude, matchLabels, limitedToGrants } = settings;
      const grants = limitedToGrants ? (cluster.grants ?? []) : null;
      return { selection: { include, exclude, matchLabels }, grants };
    };
    const reaches = { before: before === null ? null : reach(before), after: reach(after) };
    await this.lockOuts.refuse(scope, cluster, reaches);
  }

  async #refuseUnusable(
    tx: Tx,
    scope: EnvironmentScope,
    clusterId: string,
    use: ClusterUse,
  ): Promise<void> {
    if ((await this.repository.lockEnvironment(tx, scope)) !== 'active') {
      throw new Problem('environment.removing');
    }
    refuseUse(scope, await this.repository.lockCluster(tx, scope, clusterId), use);
  }
}
