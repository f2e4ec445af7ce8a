/**
 * What the simulated API serves: the kinds that the product reads or writes. Everything else
 * answers 404 as on a cluster that lacks it.
 */
export interface ApiResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Top-level fields after metadata, in the order that the real server writes them; others are dropped. */
  readonly fields: readonly string[];
}

const workload = ['spec', 'status'];
const webhooks = 'admissionregistration.k8s.io';
const rbac = 'rbac.authorization.k8s.io';

export const apiResources: readonly ApiResource[] = [
  define('', 'v1', 'namespaces', 'Namespace', false, workload),
  define('', 'v1', 'secrets', 'Secret', true, ['immutable', 'data', 'stringData', 'type']),
  define('', 'v1', 'serviceaccounts', 'ServiceAccount', true, [
    'secrets',
    'imagePullSecrets',
    'automountServiceAccountToken',
  ]),
  define('', 'v1', 'configmaps', 'ConfigMap', true, ['immutable', 'data', 'binaryData']),
  define('', 'v1', 'pods', 'Pod', true, workload),
  define('', 'v1', 'podtemplates', 'PodTemplate', true, ['template']),
  define('', 'v1', 'replicationcontrollers', 'ReplicationController', true, workload),
  define('', 'v1', 'podtemplates', 'PodTemplate', true, ['template']),
  define('', 'v1', 'replicationcontrollers', 'ReplicationController', true, workload),
  define('', 'v1', 'events', 'Event', true, [
    'involvedObject',
    'reason',
    'message',
    'source',
    'firstTimestamp',
    'lastTimestamp',
    'count',
    'type',
    'eventTime',
    'series',
    'reportingComponent',
    'reportingInstance',
  ]),
  define('', 'v1', 'nodes', 'Node', false, workload),
  define('apps', 'v1', 'deployments', 'Deployment', true, workload),
  define('apps', 'v1', 'statefulsets', 'StatefulSet', true, workload),
  define('apps', 'v1', 'daemonsets', 'DaemonSet', true, workload),
  define('apps', 'v1', 'replicasets', 'ReplicaSet', true, workload),
  define('batch', 'v1', 'jobs', 'Job', true, workload),
  define('batch', 'v1', 'cronjobs', 'CronJob', true, workload),
  define(webhooks, 'v1', 'mutatingadmissionpolicies', 'MutatingAdmissionPolicy', false, workload),
  define(
    webhooks,
    'v1',
    'mutatingadmissionpolicybindings',
    'MutatingAdmissionPolicyBinding',
    false,
    workload,
  ),
  define(
    webhooks,
    'v1',
    'validatingadmissionpolicies',
    'ValidatingAdmissionPolicy',
    false,
    workload,
  ),
  define(
    webhooks,
    'v1',
    'validatingadmissionpolicybindings',
    'ValidatingAdmissionPolicyBinding',
    false,
    workload,
  ),
  define(rbac, 'v1', 'clusterroles', 'ClusterRole', false, ['rules', 'aggregationRule']),
  define(rbac, 'v1', 'clusterrolebindings', 'ClusterRoleBinding', false, ['subjects', 'roleRef']),
];

export function findResource(
  group: string,
  version: string,
  plural: string,
): ApiResource | undefined {
  return apiResources.find(
    (resource) =>
      resource.group === group && resource.version === version && resource.plural === plural,
  );
}

/** The resource of the core group with that name; only for names that the table above has. */
export function coreResource(
  plural: 'namespaces' | 'secrets' | 'serviceaccounts' | 'configmaps',
): ApiResource {
  const resource = findResource('', 'v1', plural);
  if (resource === undefined) throw new Error(`no such resource: ${plural}`);
  return resource;
}

export function groupVersionOf({ group, version }: Pick<ApiResource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

function define(
  group: string,
  version: string,
  plural: string,
  kind: string,
  namespaced: boolean,
  fields: readonly string[],
): ApiResource {
  return { group, version, plural, singular: kind.toLowerCase(), kind, namespaced, fields };
}
