import type { Environment, EnvironmentSummary, Member } from '@moorage/contract';
import type { EnvironmentRow, SummaryRow } from './environments.repository.js';
import type { MemberRow } from './members.repository.js';

export function presentEnvironment(row: EnvironmentRow): Environment {
  return {
    id: row.id,
    name: row.name,
    displayName: row.displayName,
    description: row.description,
    simulated: row.simulated,
    state: row.state,
    createdAt: row.createdAt.toISOString(),
    version: row.version,
  };
}

export function presentMember(row: MemberRow): Member {
  return {
    userId: row.userId,
    username: row.username,
    displayName: row.displayName,
    role: row.role,
    createdAt: row.createdAt.toISOString(),
  };
}

export function presentSummary(row: SummaryRow): EnvironmentSummary {
  return {
    registries: {
      total: row.registries,
      disabled: row.registriesDisabled,
      withoutCredential: row.registriesWithoutCredential,
    },
    credentials: {
      total: row.credentials,
      expiringSoon: row.credentialsExpiringSoon,
      expired: row.credentialsExpired,
    },
    clusters: { total: row.clusters, unreachable: row.clustersUnreachable },
    targets: { total: row.targets, failing: row.targetsFailing },
    namespaces: {
      total: row.namespaces,
      inSync: row.namespacesInSync,
      pending: row.namespacesPending,
      failed: row.namespacesFailed,
      conflicts: row.namespacesConflict,
    },
  };
}
