/**
 * What the token may do: RBAC rules as a service account gets them, the refusals that follow, and
 * the reviews by which a client asks in advance. Without rules the token may do everything.
 */
import type { ApiResource } from './api-resources.js';
import { isRecord, type JsonRecord, textOf } from './kube-object.js';
import { detailsOf, qualified, type Refusal, refuse } from './status.js';

export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
  /** Only in these namespaces (a Role); absent: everywhere (a ClusterRole). */
  readonly namespaces?: readonly string[];
}

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export const everything: readonly AccessRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
];

export function isAllowed(rules: readonly AccessRule[], question: AccessQuestion): boolean {
  const has = (list: readonly string[], value: string) =>
    list.includes('*') || list.includes(value);
  return rules.some(
    (rule) =>
      has(rule.verbs, question.verb) &&
      has(rule.apiGroups, question.group) &&
      has(rule.resources, question.resource) &&
      (rule.resourceNames === undefined || rule.resourceNames.includes(question.name)) &&
      (rule.namespaces === undefined || rule.namespaces.includes(question.namespace)),
  );
}

export function forbidden(user: string, resource: ApiResource, question: AccessQuestion): Refusal {
  const { verb, name, namespace, group } = question;
  const target = name === '' ? qualified(resource) : `${qualified(resource)} "${name}"`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `cannot ${verb} resource "${resource.plural}" in API group "${group}" ${where}`;
  const details = detailsOf(name === '' ? { resource } : { resource, name });
  return refuse(403, 'Forbidden', `${target} is forbidden: User "${user}" ${what}`, details);
}

/** The answer to a posted review, or undefined when the path asks none. */
export function answerReview(
  path: string,
  body: unknown,
  user: string,
  rules: readonly AccessRule[],
): unknown {
  const spec = isRecord(body) && isRecord(body.spec) ? body.spec : {};
  switch (path) {
    case '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews':
      return accessReview(spec, rules);
    case '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews':
      return rulesReview(textOf(spec.namespace) ?? '', rules);
    case '/apis/authentication.k8s.io/v1/selfsubjectreviews':
      return subjectReview(user);
    default:
      return undefined;
  }
}

function accessReview(spec: JsonRecord, rules: readonly AccessRule[]): unknown {
  const asked = isRecord(spec.resourceAttributes) ? spec.resourceAttributes : {};
  const text = (field: string) => textOf(asked[field]) ?? '';
  const subresource = text('subresource');
  const allowed = isAllowed(rules, {
    verb: text('verb'),
    group: text('group'),
    resource: subresource === '' ? text('resource') : `${text('resource')}/${subresource}`,
    namespace: text('namespace'),
    name: text('name'),
  });
  const kind = 'SelfSubjectAccessReview';
  return { kind, apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status: { allowed } };
}

function rulesReview(namespace: string, rules: readonly AccessRule[]): unknown {
  const resourceRules = rules
    .filter((rule) => rule.namespaces === undefined || rule.namespaces.includes(namespace))
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames === undefined ? {} : { resourceNames }),
    }));
  const nonResourceRules = [
    { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
  ];
  const status = { resourceRules, nonResourceRules, incomplete: false };
  return {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: {},
    status,
  };
}

function subjectReview(username: string): unknown {
  const userInfo = { username, groups: ['system:authenticated'] };
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {},
    status: { userInfo },
  };
}
