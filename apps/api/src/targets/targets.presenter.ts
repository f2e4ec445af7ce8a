import type { Target, TargetNamespace } from '@moorage/contract';
import type { TargetNamespaceRow, TargetRow } from './target-row.js';

export function presentTarget(row: TargetRow): Target {
  return {
    id: row.id,
    environmentId: row.environmentId,
    clusterId: row.clusterId,
    clusterName: row.clusterName,
    simulated: row.simulated,
    namespaces: { include: row.include, exclude: row.exclude, matchLabels: row.matchLabels },
    serviceAccounts:
      row.serviceAccounts === 'named' ? row.serviceAccountNames : row.serviceAccounts,
    secretName: row.secretName,
    attach: row.attach,
    nodeConfig: {
      enabled: row.nodeConfigEnabled,
      distribution: row.nodeConfigDistribution,
      state: row.nodeConfigState,
      error: row.nodeConfigError,
    },
    state: row.state,
    status: {
      namespaces: row.namespaces,
      inSync: row.inSync,
      pending: row.pending,
      failed: row.failed,
      conflicts: row.conflicts,
      lastSyncedAt: row.lastSyncedAt?.toISOString() ?? null,
      lastError:
        row.lastErrorCode === null
          ? null
          : { code: row.lastErrorCode, detail: row.lastErrorDetail ?? '' },
    },
    createdAt: row.createdAt.toISOString(),
    version: row.version,
  };
}

export function presentTargetNamespace(row: TargetNamespaceRow): TargetNamespace {
  return {
    namespace: row.namespace,
    state: row.state,
    code: row.code,
    detail: row.detail,
    conflictChoice: row.conflictChoice,
    changedAt: row.changedAt.toISOString(),
  };
}
