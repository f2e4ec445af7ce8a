/** Whether a target may be on a cluster at all, and may reach its nodes. Pure. */
import { coversEveryNamespace } from '@moorage/core';
import type { EnvironmentScope } from '../auth/actor.js';
import { notFound, Problem } from '../http/problem.js';
import type { ClusterForTarget } from './target-row.js';

export interface ClusterUse {
  /** the caller needs the grants that the environment was given */
  readonly limited: boolean;
  readonly nodes: boolean;
}

/** Answers the cluster, or throws why this use of it is refused. */
export function refuseUse(
  scope: EnvironmentScope,
  cluster: ClusterForTarget | undefined,
  { limited, nodes }: ClusterUse,
): ClusterForTarget {
  // Unknown and not granted are one answer for who may not know the clusters.
  if (limited && (cluster === undefined || cluster.grants === null))
    throw new Problem('target.not-granted');
  if (cluster === undefined) throw notFound();
  if (cluster.state === 'removing') throw new Problem('cluster.removing');
  // A real login has no place in a simulator's memory, behind plain http.
  if (cluster.simulated !== scope.simulated) {
    throw new Problem(
      'target.not-granted',
      'Simulated clusters are for simulated environments only, and real ones for real ones.',
    );
  }
  // What nodes read decides where every namespace's images come from.
  if (limited && nodes && !coversEveryNamespace(cluster.grants ?? [])) {
    throw new Problem(
      'target.not-granted',
      'Nodes serve every namespace of the cluster: node config needs a grant of all of them (*).',
    );
  }
  return cluster;
}
