/**
 * The export for Kyverno, twice, because its older kind is on its way out and its newer one is not
 * everywhere yet:
 *
 *   policies.kyverno.io/v1   ValidatingPolicy and MutatingPolicy: the compiled policies as they are
 *   kyverno.io/v1            ClusterPolicy since 1.12: the whitelist's very expressions in
 *                            `validate.cel`, the default registry as mutate rules in JMESPath
 *
 * Kyverno evaluates the expressions with the API server's own library. Rules for pods would be
 * copied to other kinds ("autogen"); that is switched off, because every kind is named.
 *
 * Does not handle: PolicyExceptions, which somebody may write beside it.
 */
import { stringify } from 'yaml';
import type { GrantedSelection } from './cel-text.js';
import type { ImagePolicy } from './combine-policies.js';
import type { CompiledPolicy } from './compile-policy.js';
import { imageIdPattern, registryPrefixPattern } from './decide-image.js';
import {
  compileForExport,
  describeOff,
  type ExportedPolicy,
  type ExportScope,
  type NotExpressible,
  rewritesPods,
  yamlFile,
} from './exported-policy.js';
import { formatPolicyEntry } from './policy-entry.js';

type Spec = Readonly<Record<string, unknown>>;

export function exportKyverno(policy: ImagePolicy, scope: ExportScope): ExportedPolicy {
  const compiled = compileForExport(policy, scope);
  const { name, whitelist, defaultRegistry } = compiled;
  if (whitelist === null && defaultRegistry === null) {
    return { files: [], notExpressible: describeOff(policy) };
  }
  const validating =
    whitelist === null ? [] : [clusterPolicy(name, whitelistSpec(policy, whitelist.policy.spec))];
  const mutating = rewritesPods(policy)
    ? [clusterPolicy(`${name}-default`, rewritingSpec(policy, scope))]
    : [];
  return {
    files: [
      yamlFile(
        'kyverno-policies.yaml',
        [
          'For a Kyverno that serves policies.kyverno.io/v1. Apply this file or the other, not both.',
        ],
        celPolicies(policy, compiled),
      ),
      yamlFile(
        'kyverno-cluster-policy.yaml',
        ['For an older Kyverno, 1.12 or newer. Apply this file or the other, not both.'],
        [...mutating, ...validating],
      ),
    ],
    notExpressible: [...describeOff(policy), ...limits],
  };
}

function celPolicies(policy: ImagePolicy, compiled: CompiledPolicy): readonly Spec[] {
  const { name, whitelist, defaultRegistry } = compiled;
  const celPolicy = (kind: string, spec: Spec, more: Spec = {}): Spec => ({
    apiVersion: 'policies.kyverno.io/v1',
    kind,
    metadata: { name },
    spec: { ...more, autogen: { podControllers: { controllers: [] } }, ...spec },
  });
  const validationActions = [policy.mode === 'enforce' ? 'Deny' : 'Warn'];
  return [
    ...(defaultRegistry === null ? [] : [celPolicy('MutatingPolicy', defaultRegistry.policy.spec)]),
    ...(whitelist === null
      ? []
      : [celPolicy('ValidatingPolicy', whitelist.policy.spec, { validationActions })]),
  ];
}

function clusterPolicy(name: string, spec: Spec): Spec {
  const annotations = { 'pod-policies.kyverno.io/autogen-controllers': 'none' };
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name, annotations },
    spec,
  };
}

const workloadKinds = [
  'Pod',
  'Pod/ephemeralcontainers',
  'ReplicationController',
  'PodTemplate',
  'apps/v1/Deployment',
  'apps/v1/StatefulSet',
  'apps/v1/DaemonSet',
  'apps/v1/ReplicaSet',
  'batch/v1/Job',
  'batch/v1/CronJob',
];

function whitelistSpec(policy: ImagePolicy, compiled: Spec): Spec {
  const { matchConditions, variables, validations } = compiled;
  return {
    validationFailureAction: policy.mode === 'enforce' ? 'Enforce' : 'Audit',
    ...(policy.mode === 'warn' ? { emitWarning: true } : {}),
    failurePolicy: 'Fail',
    background: true,
    rules: [
      {
        name: 'images',
        match: match(workloadKinds, ['CREATE', 'UPDATE']),
        celPreconditions: matchConditions,
        validate: { cel: { variables, expressions: validations } },
      },
    ],
  };
}

function match(kinds: readonly string[], operations: readonly string[]): Spec {
  return { any: [{ resources: { kinds, operations } }] };
}

interface RewrittenList {
  readonly rule: string;
  readonly kind: 'Pod' | 'Pod/ephemeralcontainers';
  readonly list: string;
  /** Of an element of the list. */
  readonly field: string;
  readonly operations: readonly string[];
}

const rewrittenLists: readonly RewrittenList[] = [
  {
    rule: 'containers',
    kind: 'Pod',
    list: 'containers',
    field: 'image',
    operations: ['CREATE', 'UPDATE'],
  },
  {
    rule: 'init-containers',
    kind: 'Pod',
    list: 'initContainers',
    field: 'image',
    operations: ['CREATE', 'UPDATE'],
  },
  {
    rule: 'ephemeral-containers',
    kind: 'Pod/ephemeralcontainers',
    list: 'ephemeralContainers',
    field: 'image',
    operations: ['UPDATE'],
  },
  // Cannot change after creation.
  {
    rule: 'image-volumes',
    kind: 'Pod',
    list: 'volumes',
    field: 'image.reference',
    operations: ['CREATE'],
  },
];

function rewritingSpec(policy: ImagePolicy, { namespaces }: ExportScope): Spec {
  const prefix = policy.defaultRegistry === null ? '' : formatPolicyEntry(policy.defaultRegistry);
  return {
    failurePolicy: 'Fail',
    background: false,
    // One rule for each target: what it leaves out may be another one's.
    rules: namespaces.flatMap((selection, nth) =>
      rewrittenLists.map((list) => rewritingRule(list, prefix, { selection, nth })),
    ),
  };
}

function rewritingRule(
  { rule, kind, list, field, operations }: RewrittenList,
  prefix: string,
  { selection, nth }: { readonly selection: GrantedSelection; readonly nth: number },
): Spec {
  const name = `element.${field} || ''`;
  const matches = (pattern: string) => `{{ regex_match('${pattern}', ${name}) }}`;
  const path = `/spec/${list}/{{ elementIndex }}/${field.replace('.', '/')}`;
  const patch = [{ op: 'replace', path, value: `${prefix}/{{ element.${field} }}` }];
  return {
    name: `${rule}-${nth}`,
    ...selected(selection, kind, operations),
    mutate: {
      foreach: [
        {
          list: `request.object.spec.${list} || \`[]\``,
          preconditions: {
            all: [
              { key: `{{ ${name} }}`, operator: 'NotEquals', value: '' },
              { key: matches(registryPrefixPattern), operator: 'Equals', value: false },
              { key: matches(imageIdPattern), operator: 'Equals', value: false },
              // A running pod is not rewritten because somebody edits a label.
              {
                key: `{{ ${name} }}`,
                operator: 'AnyNotIn',
                value: `{{ request.oldObject.spec.${list}[].${field} || \`[]\` }}`,
              },
            ],
          },
          patchesJson6902: stringify(patch, { lineWidth: 0 }),
        },
      ],
    },
  };
}

/** Kyverno's wildcards are the globs of a target. */
function selected(
  { include, exclude, grants = null, matchLabels }: GrantedSelection,
  kind: string,
  operations: readonly string[],
): Spec {
  const resources = (more: Spec) => ({ resources: { kinds: [kind], operations, ...more } });
  const hasLabels = Object.keys(matchLabels).length > 0;
  return {
    match: {
      all: [
        resources({ namespaces: include }),
        ...(grants === null ? [] : [resources({ namespaces: grants })]),
        ...(hasLabels ? [resources({ namespaceSelector: { matchLabels } })] : []),
      ],
    },
    ...(exclude.length === 0 ? {} : { exclude: { any: [resources({ namespaces: exclude })] } }),
  };
}

const limits: readonly NotExpressible[] = [
  {
    code: 'kyverno.call-out',
    detail:
      'Kyverno is asked by the API server for every request. These policies fail closed: while Kyverno does not answer, nothing can be made in these namespaces.',
  },
  {
    code: 'kyverno.exceptions',
    detail:
      'A PolicyException, and the resource filters in Kyverno’s own ConfigMap (by default kube-system and kyverno), let pass what these policies refuse.',
  },
];
