/**
 * What is wanted of each environment's image policy in one cluster: the compiled objects, and for
 * each half that cannot be, why. Pure but for the hash.
 */
import { createHash } from 'node:crypto';
import {
  type CompiledPolicy,
  compilePolicy,
  formatAdmissionSpec,
  formatPolicyEntry,
  type ImagePolicy,
  needsDefaultRegistry,
  type PolicyConflict,
  type PolicyHalf,
} from '@moorage/core';
import type { AdmissionVersions } from '../../clusters/admission-resources.js';
import type { EnvironmentPolicy } from '../../settings/effective-policies.js';
import type { DesiredCluster, PreparedTarget } from '../desired-cluster.js';
import type { SlimNamespace } from '../slim-objects.js';
import type { ImagePolicyStatus } from '../sync-model.js';

/** Why a half is not written. */
export interface Hindrance {
  readonly state: Extract<ImagePolicyStatus['state'], 'conflict' | 'unavailable' | 'failed'>;
  readonly code: string;
  readonly detail: string;
  /** What is in the cluster stays as it is. */
  readonly keeps: boolean;
}

export interface PolicyWish {
  readonly environmentId: string;
  readonly environmentName: string;
  readonly settingsHash: string;
  readonly targets: readonly PreparedTarget[];
  /** Null when its settings contradict each other: what is in force stays. */
  readonly policy: ImagePolicy | null;
  /** As this cluster can hold it. */
  readonly compiled: CompiledPolicy | null;
  readonly hindrances: Readonly<Partial<Record<PolicyHalf, Hindrance>>>;
}

export interface WishContext {
  readonly installationId: string;
  readonly versions: AdmissionVersions;
  readonly namespaces: readonly SlimNamespace[];
  /** Our account may not touch MutatingAdmissionPolicies there: the whitelist must not wait for it. */
  readonly rewritingBarred: boolean;
}

export function wishesOf(desired: DesiredCluster, context: WishContext): readonly PolicyWish[] {
  const clashing = clashingEnvironments(desired, context.namespaces);
  return desired.policies.map((policy) =>
    wishOf(policy, desired.activeTargets(policy.environmentId), {
      ...context,
      clash: clashing.get(policy.environmentId) ?? null,
    }),
  );
}

/** Whether anything is to be in clusters at all, as far as settings tell. */
export function wantsAnything({ combined }: EnvironmentPolicy): boolean {
  if (!combined.ok) return true;
  const { policy } = combined.value;
  return wantsList(policy) || wantsRewrite(policy);
}

/** Whether that half is to be in clusters, as far as settings tell. */
export function wantsHalf(policy: ImagePolicy, half: PolicyHalf): boolean {
  return half === 'whitelist' ? wantsList(policy) : wantsRewrite(policy);
}

export function wantsRewrite(policy: ImagePolicy): boolean {
  const { defaultRegistry, defaultRegistryAt } = policy;
  return (
    defaultRegistryAt === 'pod' && defaultRegistry !== null && needsDefaultRegistry(defaultRegistry)
  );
}

function wantsList({ whitelist, mode }: ImagePolicy): boolean {
  return whitelist !== null && mode !== 'off';
}

const hashes = new WeakMap<EnvironmentPolicy, string>();

/** Changes whenever what counts in the environment does. */
export function hashOfSettings(environment: EnvironmentPolicy): string {
  const { combined } = environment;
  const known = hashes.get(environment);
  if (known !== undefined) return known;
  const hash = sha256(formatAdmissionSpec(combined.ok ? combined.value.policy : combined.error));
  hashes.set(environment, hash);
  return hash;
}

function wishOf(
  environment: EnvironmentPolicy,
  targets: readonly PreparedTarget[],
  context: WishContext & { clash: Hindrance | null },
): PolicyWish {
  const { environmentId, environmentName, combined } = environment;
  const base = {
    environmentId,
    environmentName,
    targets,
    settingsHash: hashOfSettings(environment),
  };
  if (!combined.ok) {
    const hindrance = contradiction(combined.error);
    const hindrances = { whitelist: hindrance, 'default-registry': hindrance };
    return { ...base, policy: null, compiled: null, hindrances };
  }
  const { policy } = combined.value;
  const hindrances = findHindrances(policy, context);
  const versions = context.rewritingBarred
    ? { ...context.versions, mutating: null }
    : context.versions;
  const compiled = compileOnce(environment, policy, { ...base, ...context, versions });
  return { ...base, policy, compiled, hindrances };
}

/** Of one reading of the desired state: a look may come several times before the next. */
const compiledOf = new WeakMap<EnvironmentPolicy, Map<string, CompiledPolicy>>();

function compileOnce(
  environment: EnvironmentPolicy,
  policy: ImagePolicy,
  scope: Parameters<typeof compileFor>[1],
): CompiledPolicy {
  const known = compiledOf.get(environment) ?? new Map<string, CompiledPolicy>();
  compiledOf.set(environment, known);
  const selections = scope.targets.map(({ row }) => [row.selection, row.grants]);
  const key = JSON.stringify([scope.versions, selections]);
  const compiled = known.get(key) ?? compileFor(policy, scope);
  known.set(key, compiled);
  return compiled;
}

/** As this cluster can hold it: without rewriting, bare names are Docker Hub's in templates too. */
export function compileFor(
  policy: ImagePolicy,
  scope: Pick<PolicyWish, 'environmentId' | 'environmentName' | 'targets'> &
    Pick<WishContext, 'installationId' | 'versions'>,
): CompiledPolicy {
  const { installationId, environmentId, environmentName, targets, versions } = scope;
  const held: ImagePolicy =
    versions.mutating === null ? { ...policy, defaultRegistryAt: 'workload' } : policy;
  const compiled = compilePolicy(held, {
    installationId,
    environment: { id: environmentId, name: environmentName },
    namespaces: targets.map(({ row }) => ({ ...row.selection, grants: row.grants })),
    grants: null,
    // Where it is beta the API server's CEL has no `lists.range` yet.
    positions: versions.mutating === 'v1beta1' ? 'written-out' : 'range',
    hash: sha256,
  });
  return versions.validating === null ? { ...compiled, whitelist: null } : compiled;
}

function findHindrances(
  policy: ImagePolicy,
  { versions, rewritingBarred, clash }: WishContext & { clash: Hindrance | null },
): PolicyWish['hindrances'] {
  const list = wantsList(policy) && versions.validating === null ? NO_LIST : null;
  const barred = versions.mutating === null ? NO_REWRITE : rewritingBarred ? BARRED : clash;
  const rewrite = wantsRewrite(policy) ? barred : null;
  return {
    ...(list === null ? {} : { whitelist: list }),
    ...(rewrite === null ? {} : { 'default-registry': rewrite }),
  };
}

const BARRED: Hindrance = {
  state: 'failed',
  code: 'policy.forbidden',
  detail:
    'Our account may not read or write MutatingAdmissionPolicies in this cluster, so the default registry is not put into new pods there. Apply the RBAC manifest that is shown under the permissions of the cluster.',
  keeps: true,
};

const NO_LIST: Hindrance = {
  state: 'unavailable',
  code: 'policy.no-validating-policies',
  detail:
    'This cluster does not serve ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1, Kubernetes 1.30 or newer): images that the whitelist refuses can run here. Export the policy for Kyverno or Gatekeeper.',
  keeps: false,
};

const NO_REWRITE: Hindrance = {
  state: 'unavailable',
  code: 'policy.no-mutating-policies',
  detail:
    'This cluster does not serve MutatingAdmissionPolicy (Kubernetes 1.36, or 1.34 and 1.35 with the beta switched on): the default registry is not put into new pods here, and a name without a registry is Docker Hub’s. Export the policy for Kyverno or Gatekeeper.',
  keeps: false,
};

function contradiction({ code, detail }: PolicyConflict): Hindrance {
  return {
    state: 'conflict',
    code,
    detail: `${detail} What is in force stays as it is.`,
    keeps: true,
  };
}

/** Whether another namespace could make two default registries meet. */
export function mayClash({ policies }: DesiredCluster): boolean {
  const registries = policies.flatMap(({ combined }) =>
    combined.ok && wantsRewrite(combined.value.policy) && combined.value.policy.defaultRegistry
      ? [formatPolicyEntry(combined.value.policy.defaultRegistry)]
      : [],
  );
  return new Set(registries).size > 1;
}

/** Environments whose pods would get two different default registries in one namespace. */
function clashingEnvironments(
  desired: DesiredCluster,
  namespaces: readonly SlimNamespace[],
): ReadonlyMap<string, Hindrance> {
  const rewriting = desired.policies.flatMap(({ environmentId, combined }) =>
    combined.ok && wantsRewrite(combined.value.policy) && combined.value.policy.defaultRegistry
      ? [
          {
            environmentId,
            registry: formatPolicyEntry(combined.value.policy.defaultRegistry),
            targets: desired.activeTargets(environmentId),
          },
        ]
      : [],
  );
  const clashing = new Map<string, Hindrance>();
  if (new Set(rewriting.map(({ registry }) => registry)).size < 2) return clashing;
  for (const namespace of namespaces) {
    const meeting = rewriting.filter((each) => isSelected(each, namespace));
    if (new Set(meeting.map(({ registry }) => registry)).size < 2) continue;
    for (const { environmentId } of meeting) {
      if (!clashing.has(environmentId)) clashing.set(environmentId, clashIn(namespace.name));
    }
  }
  return clashing;
}

export function isSelected(
  { targets }: Pick<PolicyWish, 'targets'>,
  namespace: SlimNamespace,
): boolean {
  return targets.some(({ selects }) => selects(namespace));
}

/** Who reads it may not know the other environment: it is not named. */
function clashIn(namespace: string): Hindrance {
  return {
    state: 'conflict',
    code: 'policy.two-default-registries',
    detail: `Another environment that serves the namespace ${namespace} too has a different default registry. What is in the cluster stays as it is. Give both the same one, or separate their namespaces.`,
    keeps: true,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
