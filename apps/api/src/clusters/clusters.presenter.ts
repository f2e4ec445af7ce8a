import type { Cluster, GrantedCluster } from '@moorage/contract';
import type { ClusterRow, GrantedClusterRow } from './cluster-row.js';

export function presentCluster(row: ClusterRow): Cluster {
  return {
    id: row.id,
    name: row.name,
    simulated: row.simulated,
    server: row.server,
    accessKind: row.accessKind,
    insecureSkipVerify: row.insecureSkipVerify,
    labels: row.labels,
    state: row.state,
    reachable: row.reachable,
    lastContactAt: row.lastContactAt?.toISOString() ?? null,
    lastError:
      row.lastErrorCode === null
        ? null
        : { code: row.lastErrorCode, detail: row.lastErrorDetail ?? '' },
    kubernetesVersion: row.kubernetesVersion,
    targets: row.targets,
    createdAt: row.createdAt.toISOString(),
    version: row.version,
  };
}

export function presentGrantedCluster(row: GrantedClusterRow): GrantedCluster {
  return {
    id: row.id,
    name: row.name,
    simulated: row.simulated,
    reachable: row.reachable,
    kubernetesVersion: row.kubernetesVersion,
    namespaces: row.namespaces,
  };
}
