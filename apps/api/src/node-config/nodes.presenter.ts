import type { NodeStatusList, NodeStatus as WireStatus } from '@moorage/contract';
import type { NodeStatus } from '@moorage/core';
import type { NodeClusterRow } from './node-config.repository.js';
import type { ReadNodes } from './nodes.client.js';

export interface ReadCluster {
  readonly cluster: NodeClusterRow;
  readonly outcome: ReadNodes;
  readonly statuses: readonly NodeStatus[];
}

export function presentNodes(clusters: readonly ReadCluster[]): NodeStatusList {
  return {
    items: clusters.flatMap(({ cluster, statuses }) =>
      statuses.map((status) => presentNode(cluster, status)),
    ),
    clusters: clusters.map(({ cluster, outcome, statuses }) => ({
      clusterId: cluster.id,
      clusterName: cluster.name,
      simulated: cluster.simulated,
      state: outcome.state,
      detail: outcome.state === 'read' ? null : outcome.detail,
      nodes: statuses.length,
      reporting: statuses.filter(({ state }) => state !== 'no-report').length,
      inSync: statuses.filter(({ state }) => state === 'in-sync').length,
    })),
  };
}

function presentNode(cluster: NodeClusterRow, status: NodeStatus): WireStatus {
  const { report } = status;
  return {
    clusterId: cluster.id,
    clusterName: cluster.name,
    simulated: cluster.simulated,
    node: status.node,
    state: status.state,
    distribution: report?.distribution ?? null,
    version: report?.versions.distribution ?? null,
    agentVersion: report?.versions.agent ?? null,
    desiredHash: status.desiredHash,
    appliedHash: report?.appliedHash ?? null,
    restart: report?.restart ?? 'none',
    drift: (report?.drift ?? []).map(({ path, change }) => ({ path, change })),
    lastError: status.lastError && {
      code: status.lastError.code,
      detail: status.lastError.detail,
    },
    reportedAt: report?.reportedAt ?? null,
  };
}
