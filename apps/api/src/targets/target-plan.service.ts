import { randomUUID } from 'node:crypto';
import type { Plan, TargetCreate } from '@moorage/contract';
import { describeClusterError, KubeError } from '@moorage/kube';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { mayUseEveryCluster } from '../auth/access-decision.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { notFound, Problem } from '../http/problem.js';
import { ClusterPlans } from '../sync/cluster-plans.js';
import type { TargetRow as SyncTargetRow } from '../sync/sync-model.js';
import { refuseUse } from './cluster-use.js';
import type { TargetSettings } from './target-row.js';
import { defaultSettings, mergeSettings } from './target-settings.js';
import { TargetsRepository } from './targets.repository.js';

/** What a sync would change, before it does: the same plan that is carried out. */
@Injectable()
export class TargetPlanService {
  constructor(
    private readonly repository: TargetsRepository,
    private readonly plans: ClusterPlans,
  ) {}

  async plan(scope: EnvironmentScope, id: string): Promise<Plan> {
    const row = await this.repository.find(scope, id);
    if (row === undefined) throw notFound();
    return await this.#reach(() => this.plans.plan(row.clusterId, row.id));
  }

  async planNew(
    actor: Actor,
    scope: EnvironmentScope,
    input: z.output<typeof TargetCreate>,
  ): Promise<Plan> {
    const limited = !mayUseEveryCluster(actor);
    const settings = mergeSettings(defaultSettings(scope.name), input, limited);
    const found = await this.repository.findCluster(scope, input.clusterId);
    const { grants } = refuseUse(scope, found, { limited, nodes: settings.nodeConfigEnabled });
    const row = newRow(scope, settings, limited ? (grants ?? []) : null);
    return await this.#reach(() => this.plans.plan(input.clusterId, row.id, row));
  }

  async #reach(work: () => Promise<Plan | undefined>): Promise<Plan> {
    try {
      const plan = await work();
      if (plan === undefined) throw notFound();
      return plan;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      const { code, detail, fix } = describeClusterError(error);
      throw new Problem('cluster.unreachable', `${detail} ${fix}`, { members: { cause: code } });
    }
  }
}

function newRow(
  scope: EnvironmentScope,
  settings: TargetSettings,
  grants: readonly string[] | null,
): SyncTargetRow {
  const { include, exclude, matchLabels, secretName, attach } = settings;
  const { serviceAccounts, serviceAccountNames } = settings;
  return {
    id: randomUUID(),
    environmentId: scope.environmentId,
    environmentName: scope.name,
    selection: { include, exclude, matchLabels },
    grants,
    serviceAccounts: serviceAccounts === 'named' ? serviceAccountNames : serviceAccounts,
    attachedBeyondDefault: settings.attachedBeyondDefault,
    secretName,
    attach,
    state: 'active',
    nodeConfig: {
      enabled: settings.nodeConfigEnabled,
      distribution: settings.nodeConfigDistribution,
    },
  };
}
