/**
 * An image policy as the objects that a cluster enforces without us: no call-out, so it holds
 * while the service is down, and `failurePolicy: Fail`, so an error refuses.
 *
 * Names and marks are those of every object of ours. The policy itself says where it applies, by
 * the globs and labels of the targets: a namespace made later is covered from its first request.
 * The revision, a hash of the content, ends every refusal: whether a new version is in force is
 * asked by a dry run that must be refused.
 *
 * Does not handle: who may change these objects (admission policies cannot guard themselves,
 * access rules must), pods that bypass the API server's admission (static pods: only their mirror
 * is seen), and environments that share a namespace beyond "every policy must allow".
 */
import { SYNC_MARKS } from '../sync-plan/model.js';
import { type AdmissionObject, type AdmissionPair, matchResources } from './admission-objects.js';
import { celSelectsLabels, celSelectsName, type GrantedSelection } from './cel-text.js';
import type { ImagePolicy } from './combine-policies.js';
import { needsDefaultRegistry } from './decide-image.js';
import {
  type CelPositions,
  defaultRegistryPatch,
  defaultRegistryRules,
  defaultRegistryVariables,
} from './default-registry-admission.js';
import { refusalMessage, whitelistRules, whitelistVariables } from './whitelist-admission.js';

export interface PolicyScope {
  readonly installationId: string;
  readonly environment: { readonly id: string; readonly name: string };
  /** Of the environment's targets on the cluster; a namespace selected by any is covered. */
  readonly namespaces: readonly GrantedSelection[];
  /** Globs that the cluster's administrator gave, for all selections; null = none needed. */
  readonly grants: readonly string[] | null;
  /** How the API server's CEL counts; default `range`. */
  readonly positions?: CelPositions;
  /** A digest in hexadecimal of at least 12 digits, such as SHA-256. */
  readonly hash: (text: string) => string;
}

export interface CompiledPolicy {
  /** Of all four objects. */
  readonly name: string;
  /** Null when the whitelist or its mode is off. */
  readonly whitelist: (AdmissionPair & { readonly revision: string }) | null;
  /** Null without a default registry that is put into each pod. */
  readonly defaultRegistry: AdmissionPair | null;
}

type Spec = Readonly<Record<string, unknown>>;

export function compilePolicy(policy: ImagePolicy, scope: PolicyScope): CompiledPolicy {
  return {
    name: admissionPolicyName(scope),
    whitelist: compileWhitelist(policy, scope),
    defaultRegistry: compileDefaultRegistry(policy, scope),
  };
}

export function admissionPolicyName(
  scope: Pick<PolicyScope, 'installationId' | 'environment'>,
): string {
  return `moorage-${scope.installationId.slice(0, 8)}-${scope.environment.name}`;
}

function compileWhitelist(policy: ImagePolicy, scope: PolicyScope): CompiledPolicy['whitelist'] {
  const { whitelist, mode } = policy;
  if (whitelist === null || mode === 'off') return null;
  const name = admissionPolicyName(scope);
  const labels = celSelectsLabels(scope.namespaces);
  const selected = labels === null ? [] : [{ name: 'selected', expression: labels }];
  const specWith = (signature: string): Spec => ({
    failurePolicy: 'Fail',
    matchConstraints: matchResources(whitelistRules),
    matchConditions: matchConditions(scope),
    variables: [...selected, ...whitelistVariables(policy)],
    validations: [
      {
        expression: `${labels === null ? '' : '!variables.selected || '}size(variables.refused) == 0`,
        messageExpression: refusalMessage(whitelist, scope.environment.name, signature),
        reason: 'Forbidden',
      },
    ],
  });
  const revision = scope.hash(JSON.stringify(specWith(name))).slice(0, 12);
  const spec = specWith(`${name} ${revision}`);
  const validationActions = mode === 'enforce' ? ['Deny', 'Audit'] : ['Warn', 'Audit'];
  return {
    revision,
    policy: admissionObject('ValidatingAdmissionPolicy', spec, scope),
    binding: admissionObject(
      'ValidatingAdmissionPolicyBinding',
      { policyName: name, validationActions },
      scope,
    ),
  };
}

function compileDefaultRegistry(policy: ImagePolicy, scope: PolicyScope): AdmissionPair | null {
  const { defaultRegistry, defaultRegistryAt } = policy;
  if (defaultRegistry === null || defaultRegistryAt !== 'pod') return null;
  if (!needsDefaultRegistry(defaultRegistry)) return null;
  const labels = celSelectsLabels(scope.namespaces);
  const { positions = 'range' } = scope;
  const patch = defaultRegistryPatch(defaultRegistry, positions);
  const spec: Spec = {
    failurePolicy: 'Fail',
    reinvocationPolicy: 'IfNeeded',
    matchConstraints: matchResources(defaultRegistryRules),
    matchConditions: matchConditions(scope),
    variables: [
      ...(labels === null ? [] : [{ name: 'selected', expression: labels }]),
      ...defaultRegistryVariables(positions),
    ],
    mutations: [
      {
        patchType: 'JSONPatch',
        jsonPatch: { expression: labels === null ? patch : `variables.selected ? ${patch} : []` },
      },
    ],
  };
  const name = admissionPolicyName(scope);
  return {
    policy: admissionObject('MutatingAdmissionPolicy', spec, scope),
    binding: admissionObject('MutatingAdmissionPolicyBinding', { policyName: name }, scope),
  };
}

function matchConditions(scope: PolicyScope): readonly Spec[] {
  return [
    { name: 'selected-namespaces', expression: celSelectsName(scope.namespaces, scope.grants) },
  ];
}

function admissionObject(
  kind: AdmissionObject['kind'],
  spec: Spec,
  scope: PolicyScope,
): AdmissionObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: {
      name: admissionPolicyName(scope),
      labels: {
        [SYNC_MARKS.managedByLabel]: SYNC_MARKS.managedBy,
        [SYNC_MARKS.installationLabel]: scope.installationId,
        [SYNC_MARKS.environmentLabel]: scope.environment.id,
      },
      annotations: { [SYNC_MARKS.contentHashAnnotation]: scope.hash(JSON.stringify(spec)) },
    },
    spec,
  };
}
