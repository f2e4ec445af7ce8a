import { buildNamespaceSelector, type NamespaceSelection, systemNamespaces } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Problem } from '../http/problem.js';
import { PolicyImpactsService } from '../policy-impacts/policy-impacts.service.js';
import { EffectivePolicies } from '../settings/effective-policies.js';
import type { ClusterForTarget } from './target-row.js';

export interface Reach {
  readonly selection: NamespaceSelection;
  /** Globs that limit it; null = none needed. */
  readonly grants: readonly string[] | null;
}

/**
 * A target brings its environment's whitelist over every namespace that it selects. Settings ask
 * before they shut out what a cluster needs to repair itself; so does a target that is to reach
 * the control plane's namespaces. A cluster that cannot be read holds up no target.
 */
@Injectable()
export class TargetLockOuts {
  constructor(
    private readonly policies: EffectivePolicies,
    private readonly impacts: PolicyImpactsService,
  ) {}

  async refuse(
    { environmentId }: EnvironmentScope,
    cluster: Pick<ClusterForTarget, 'id' | 'name' | 'simulated'>,
    { before, after }: { readonly before: Reach | null; readonly after: Reach },
  ): Promise<void> {
    if (!reachesAnother(before, after)) return;
    const policy = await this.policies.load(environmentId);
    if (policy?.combined.ok !== true) return;
    const { policy: counting } = policy.combined.value;
    if (counting.whitelist === null || counting.mode !== 'enforce') return;
    const { environmentName } = policy;
    const { id: clusterId, name: clusterName, simulated } = cluster;
    const { lockOuts } = await this.impacts.assess(
      [{ environmentId, environmentName, before: null, after: counting }],
      [{ environmentId, clusterId, clusterName, simulated, reachable: null, ...after }],
    );
    const breaking = lockOuts.filter(({ isBreaking }) => isBreaking);
    if (breaking.length === 0) return;
    throw new Problem('policy.would-refuse', breaking.map(({ detail }) => detail).join(' '));
  }
}

/** Of the control plane's namespaces; labels are the cluster's to tell, and may select any. */
function reachesAnother(before: Reach | null, after: Reach): boolean {
  return [...systemNamespaces]
    .filter((name) => name.startsWith('kube-'))
    .some((name) => mayReach(after, name) && (before === null || !mayReach(before, name)));
}

function mayReach({ selection, grants }: Reach, name: string): boolean {
  return buildNamespaceSelector({ ...selection, matchLabels: {} }, grants)({ name, labels: {} });
}
