/**
 * The export for Gatekeeper: one ConstraintTemplate with the grammar in Rego (gatekeeper-rego.ts)
 * and one constraint for each target, as its labels can be asked of the namespace only there.
 *
 * Source: templates.gatekeeper.sh/v1, constraints.gatekeeper.sh/v1beta1, mutations.gatekeeper.sh.
 */
import { type GrantedSelection, globsPattern } from './cel-text.js';
import type { ImagePolicy } from './combine-policies.js';
import { describeAllowed } from './decide-image.js';
import {
  describeOff,
  type ExportedPolicy,
  type ExportScope,
  type NotExpressible,
  rewritesPods,
  yamlFile,
} from './exported-policy.js';
import { gatekeeperRego } from './gatekeeper-rego.js';
import { formatPolicyEntry } from './policy-entry.js';
import type { Whitelist } from './whitelist.js';

const constraintKind = 'MoorageImagePolicy';

export function exportGatekeeper(policy: ImagePolicy, scope: ExportScope): ExportedPolicy {
  const { whitelist, mode } = policy;
  const rewriting = rewritesPods(policy) ? [noRewriting] : [];
  if (whitelist === null || mode === 'off') {
    return { files: [], notExpressible: [...describeOff(policy), ...rewriting] };
  }
  const action = mode === 'enforce' ? 'deny' : 'warn';
  const constraints = scope.namespaces.map((selection, nth) => ({
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind: constraintKind,
    metadata: { name: `moorage-exported-${scope.environment}-${nth}` },
    spec: {
      enforcementAction: action,
      match: { kinds: matchedKinds, ...labelsOf(selection) },
      parameters: parametersOf(selection, whitelist, scope.environment),
    },
  }));
  return {
    files: [
      yamlFile('gatekeeper-constraint-template.yaml', ['Apply this first.'], [template]),
      yamlFile('gatekeeper-constraints.yaml', [], constraints),
    ],
    notExpressible: [...rewriting, ...limits],
  };
}

const matchedKinds = [
  { apiGroups: [''], kinds: ['Pod', 'ReplicationController', 'PodTemplate'] },
  { apiGroups: ['apps'], kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] },
  { apiGroups: ['batch'], kinds: ['Job', 'CronJob'] },
];

function labelsOf({ matchLabels }: GrantedSelection) {
  return Object.keys(matchLabels).length === 0 ? {} : { namespaceSelector: { matchLabels } };
}

function parametersOf(
  { include, exclude, grants = null }: GrantedSelection,
  whitelist: Whitelist,
  environment: string,
) {
  return {
    environment,
    allowed: whitelist.map(formatPolicyEntry),
    advice: describeAllowed(whitelist),
    included: globsPattern(include),
    excluded: globsPattern(exclude),
    granted: globsPattern(grants ?? ['*']),
  };
}

const text = { type: 'string' };
const template = {
  apiVersion: 'templates.gatekeeper.sh/v1',
  kind: 'ConstraintTemplate',
  metadata: { name: constraintKind.toLowerCase() },
  spec: {
    crd: {
      spec: {
        names: { kind: constraintKind },
        validation: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              environment: text,
              allowed: { type: 'array', items: text },
              advice: text,
              included: text,
              excluded: text,
              granted: text,
            },
          },
        },
      },
    },
    targets: [{ target: 'admission.k8s.gatekeeper.sh', rego: gatekeeperRego }],
  },
};

const noRewriting: NotExpressible = {
  code: 'gatekeeper.default-registry',
  detail:
    'Gatekeeper’s mutations set whole values or replace the registry of every image; none puts a registry in front of names that have none. Bare names in pods stay Docker Hub’s, and the whitelist judges them so.',
};

const limits: readonly NotExpressible[] = [
  {
    code: 'gatekeeper.fails-open',
    detail:
      'Gatekeeper’s webhook is installed with failurePolicy Ignore: while Gatekeeper does not answer, every image may run. That is set in its installation, not in a constraint.',
  },
  {
    code: 'gatekeeper.subresources',
    detail:
      'Ephemeral containers are seen only if the webhook of the installation asks about pods/ephemeralcontainers, and requests of namespaces that Gatekeeper exempts are not seen at all.',
  },
];
