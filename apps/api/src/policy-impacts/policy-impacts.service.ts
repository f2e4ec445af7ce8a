import {
  buildNamespaceSelector,
  findEmptyWhitelist,
  findLockOuts,
  type ImagePolicy,
  ImpactTally,
  type LockOut,
  type NamespaceSelector,
  type RunningWorkload,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { inTurn } from './cluster-turns.js';
import { type PolicyTarget, PolicyTargetsRepository } from './policy-targets.repository.js';
import { ReadingSlots } from './reading-slots.js';
import {
  type ReadCluster,
  type ReadOutcome,
  RunningWorkloads,
} from './running-workloads.client.js';

/** What becomes of an environment's policy. */
export interface PolicyChange {
  readonly environmentId: string;
  readonly environmentName: string;
  /** Null when nothing counts now. */
  readonly before: ImagePolicy | null;
  readonly after: ImagePolicy;
}

/** One environment in one cluster. */
export interface Part {
  readonly change: PolicyChange;
  readonly tally: ImpactTally;
  readonly namespaces: readonly string[];
}

export interface ClusterImpact extends ReadOutcome {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly simulated: boolean;
  readonly cluster: ReadCluster | null;
  /** What was read, also if the cluster stopped answering on the way. */
  readonly parts: readonly Part[];
}

export interface Assessment {
  readonly changes: readonly PolicyChange[];
  readonly clusters: readonly ClusterImpact[];
  readonly lockOuts: readonly LockOut[];
}

/** Whoever asked is gone after that; clusters that were not read by then are said to be. */
const DEADLINE_MS = 90_000;
/** In this process. */
const READINGS = { atOnce: 3, waiting: 12 };

/** Looks at what runs now with the eyes of a policy that is not in force yet. Changes nothing. */
@Injectable()
export class PolicyImpactsService {
  readonly #slots = new ReadingSlots(READINGS);

  constructor(
    private readonly targets: PolicyTargetsRepository,
    private readonly workloads: RunningWorkloads,
  ) {}

  /** `unstored`: instead of the targets that there are. */
  assess(
    changes: readonly PolicyChange[],
    unstored?: readonly PolicyTarget[],
  ): Promise<Assessment> {
    return this.#slots.use(() => this.#assess(changes, unstored));
  }

  async #assess(
    changes: readonly PolicyChange[],
    unstored: readonly PolicyTarget[] | undefined,
  ): Promise<Assessment> {
    const targets =
      unstored ?? (await this.targets.list(changes.map(({ environmentId }) => environmentId)));
    const byCluster = [...Map.groupBy(targets, ({ clusterId }) => clusterId).values()];
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const clusters = await inTurn(byCluster, (group) =>
      this.#assessCluster(group, changes, deadline),
    );
    const lockOuts = [
      ...changes.flatMap(({ environmentName, after }) => {
        return findEmptyWhitelist(environmentName, after) ?? [];
      }),
      ...clusters.flatMap(lockOutsOf),
    ];
    return { changes, clusters, lockOuts };
  }

  async #assessCluster(
    targets: readonly PolicyTarget[],
    changes: readonly PolicyChange[],
    deadline: AbortSignal,
  ): Promise<ClusterImpact> {
    let parts: readonly Part[] = [];
    let seen: ReadCluster | null = null;
    const { clusterId = '', clusterName = '', simulated = false, reachable } = targets[0] ?? {};
    const question = { clusterId, isReachable: reachable !== false, deadline };
    const outcome = await this.workloads.read(question, (cluster) => {
      seen = cluster;
      parts = changes.flatMap((change) => partOf(change, targets, cluster) ?? []);
      return dispatch(parts);
    });
    return { clusterId, clusterName, simulated, cluster: seen, parts, ...outcome };
  }
}

function partOf(
  change: PolicyChange,
  targets: readonly PolicyTarget[],
  { namespaces, rewritesPods }: ReadCluster,
): Part | null {
  const selectors: readonly NamespaceSelector[] = targets
    .filter(({ environmentId }) => environmentId === change.environmentId)
    .map(({ selection, grants }) => buildNamespaceSelector(selection, grants));
  if (selectors.length === 0) return null;
  const selected = namespaces.filter((namespace) =>
    selectors.some((selects) => selects(namespace)),
  );
  const { before, after } = change;
  return {
    change,
    tally: new ImpactTally({ before, after, rewritesPods }),
    namespaces: selected.map(({ name }) => name),
  };
}

function dispatch(parts: readonly Part[]): (workload: RunningWorkload) => void {
  const byNamespace = new Map<string, ImpactTally[]>();
  for (const { namespaces, tally } of parts) {
    for (const namespace of namespaces) {
      byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), tally]);
    }
  }
  return (workload) => {
    for (const tally of byNamespace.get(workload.namespace) ?? []) tally.add(workload);
  };
}

function lockOutsOf({ clusterName, parts }: ClusterImpact): readonly LockOut[] {
  return parts.flatMap(({ change, tally, namespaces }) =>
    findLockOuts({
      environment: change.environmentName,
      cluster: clusterName,
      policy: change.after,
      namespaces,
      refusals: tally.refusals,
    }),
  );
}
