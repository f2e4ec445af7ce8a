import type { ImageResolution } from '@moorage/contract';
import type { DecisionRule, ImageDecision } from '@moorage/core';
import type { ImageInCluster } from './image-in-cluster.js';
import type { ReachedClusterRow } from './images.repository.js';
import type { ServingLogin } from './serving-login.js';

export interface Resolved {
  readonly decision: ImageDecision;
  /** Why nothing can be decided, or null. */
  readonly contradiction: string | null;
  readonly serving: ServingLogin | null;
  readonly clusters: readonly {
    readonly row: ReachedClusterRow;
    readonly found: ImageInCluster;
  }[];
  readonly pullSecret: string;
}

export function presentResolution(resolved: Resolved): ImageResolution {
  const { decision, contradiction, serving, clusters, pullSecret } = resolved;
  const { image, rewrittenFrom, reason, rule, outcome } = decision;
  return {
    image,
    ...(rewrittenFrom === undefined ? {} : { rewrittenFrom }),
    allowed: outcome !== 'denied',
    enforced: clusters.some(({ found }) => found.enforced),
    reason: contradiction ?? reason,
    rule: presentRule(rule),
    ...(serving === null ? {} : { credential: presentLogin(serving) }),
    ...(serving?.isInPullSecret === true ? { pullSecret } : {}),
    clusters: clusters.map(({ row: { clusterId, clusterName, simulated }, found }) => ({
      ...{ clusterId, clusterName, simulated, image: found.image },
      ...{ outcome: found.outcome, enforced: found.enforced, detail: found.detail },
    })),
  };
}

function presentRule(rule: DecisionRule): NonNullable<ImageResolution['rule']> {
  switch (rule.kind) {
    case 'default-registry':
    case 'whitelist-entry':
      return { kind: rule.kind, entry: rule.entry };
    case 'not-an-image-name':
      return { kind: rule.kind, code: rule.error.code };
    default:
      return { kind: rule.kind };
  }
}

function presentLogin({ login }: ServingLogin): NonNullable<ImageResolution['credential']> {
  const { credentialId: id, registryId, username, scope } = login;
  return { id, registryId, username, scope };
}
