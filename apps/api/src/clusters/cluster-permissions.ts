/**
 * What our identity in a cluster needs, feature by feature, and a manifest that gives exactly that.
 * The requests of `sync/`, `node-config` and `policies/` are the source; a test compares the two.
 */
import type { ClusterPermissions } from '@moorage/contract';
import { type KubeClient, resourcePath } from '@moorage/kube';

export type NeededPermission = Omit<ClusterPermissions['items'][number], 'allowed'>;

export interface FeaturesInUse {
  readonly attach: boolean;
  readonly nodeConfig: boolean;
  /** Images are judged in the cluster. */
  readonly whitelist: boolean;
  /** The default registry is put into each new pod. */
  readonly rewriting: boolean;
}

const IDENTITY = { namespace: 'moorage-system', name: 'moorage' } as const;
/** A role of its own, so that it can be left out as a whole. */
const OPTIONAL_ROLE = 'moorage-optional';

type Feature = NeededPermission['feature'];

export function neededPermissions(features: FeaturesInUse): readonly NeededPermission[] {
  return [
    ...everywhere('namespaces', 'namespaces', ['list', 'watch']),
    ...everywhere('pull-secret', 'secrets', ['list', 'watch', 'create', 'patch', 'delete']),
    ...everywhere('service-account', 'serviceaccounts', [
      'list',
      'watch',
      ...(features.attach ? ['patch'] : []),
    ]),
    ...(features.nodeConfig
      ? [
          ...everywhere('node-config', 'namespaces', ['create']),
          ...inOwnNamespace('node-config', 'secrets', ['update']),
          // How it stands on the nodes: it is delivered without anybody looking.
          ...everywhere('node-config', 'nodes', ['list']).map(optionally),
          ...inOwnNamespace('node-config', 'configmaps', ['list']).map(optionally),
        ]
      : []),
    ...workloadLists(),
    ...(features.whitelist ? whitelistPermissions() : []),
    ...(features.rewriting ? rewritingPermissions() : []),
  ];
}

/**
 * What a dry run of an image policy reads. Always offered, because it comes before any policy:
 * without it nobody can say what one would refuse.
 */
function workloadLists(): readonly NeededPermission[] {
  const lists = { '': CORE_WORKLOADS, apps: APPS_WORKLOADS, batch: ['jobs', 'cronjobs'] };
  return Object.entries(lists).flatMap(([group, resources]) =>
    resources.flatMap((resource) =>
      everywhere('image-policy', resource, ['list']).map((item) => optionally({ ...item, group })),
    ),
  );
}

const CORE_WORKLOADS = ['pods', 'replicationcontrollers', 'podtemplates'];
const APPS_WORKLOADS = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'];

function whitelistPermissions(): readonly NeededPermission[] {
  return [
    ...admissionPolicies('validating'),
    // Never stored: the dry run that shows whether the policy is in force. Nothing runs a PodTemplate.
    ...everywhere('image-policy', 'podtemplates', ['create']),
    ...everywhere('stopped-images', 'events', ['list']).map(optionally),
    ...everywhere('stopped-images', '/metrics', ['get']).map(optionally),
  ];
}

function rewritingPermissions(): readonly NeededPermission[] {
  return [
    ...admissionPolicies('mutating'),
    // Only a pod shows whether it is in force. To create pods is much to give for that: without it
    // the rewriting works as well, and is said to be not proven.
    ...everywhere('image-policy', 'pods', ['create']).map(optionally),
  ];
}

function admissionPolicies(kind: 'validating' | 'mutating'): readonly NeededPermission[] {
  const verbs = ['list', 'watch', 'create', 'update', 'delete'];
  return ['policies', 'policybindings'].flatMap((suffix) =>
    everywhere('image-policy', `${kind}admission${suffix}`, verbs).map((item) => ({
      ...item,
      group: 'admissionregistration.k8s.io',
    })),
  );
}

function everywhere(
  feature: Feature,
  resource: string,
  verbs: readonly string[],
): readonly NeededPermission[] {
  return verbs.map((verb) => {
    return { group: '', resource, verb, namespace: null, feature, optional: false };
  });
}

function inOwnNamespace(
  feature: Feature,
  resource: string,
  verbs: readonly string[],
): readonly NeededPermission[] {
  const { namespace } = IDENTITY;
  return everywhere(feature, resource, verbs).map((item) => ({ ...item, namespace }));
}

function optionally(item: NeededPermission): NeededPermission {
  return { ...item, optional: true };
}

interface AccessReview {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly allowed?: boolean };
}

/** Asks the cluster about each one; nothing is changed by it. */
export async function reviewPermissions(
  client: KubeClient,
  needed: readonly NeededPermission[],
): Promise<ClusterPermissions['items']> {
  return await Promise.all(
    needed.map(async (item) => {
      const review = await client.create<AccessReview>(resourcePath.selfSubjectAccessReviews(), {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: questionOf(item),
      });
      return { ...item, allowed: review.status?.allowed === true };
    }),
  );
}

function questionOf({ group, resource, verb, namespace }: NeededPermission): object {
  if (isPath(resource)) return { nonResourceAttributes: { path: resource, verb } };
  const where = namespace === null ? {} : { namespace };
  return { resourceAttributes: { group, resource, verb, ...where } };
}

function isPath(resource: string): boolean {
  return resource.startsWith('/');
}

/** Namespace, service account, token Secret, role and binding, ready for `kubectl apply -f -`. */
export function buildRbacManifest(needed: readonly NeededPermission[]): string {
  const documents = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: IDENTITY.namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: IDENTITY },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: {
        ...IDENTITY,
        name: 'moorage-token',
        annotations: { 'kubernetes.io/service-account.name': IDENTITY.name },
      },
    },
    ...roleWithBinding(
      { kind: 'ClusterRole', name: IDENTITY.name },
      needed.filter((item) => item.namespace === null && !item.optional),
    ),
    ...roleWithBinding(
      { kind: 'Role', name: IDENTITY.name },
      needed.filter((item) => item.namespace !== null),
    ),
    ...roleWithBinding(
      { kind: 'ClusterRole', name: OPTIONAL_ROLE },
      needed.filter((item) => item.namespace === null && item.optional),
    ),
  ];
  // JSON is YAML: nothing in a name can break out of it.
  return documents.map((document) => `${JSON.stringify(document, null, 2)}\n`).join('---\n');
}

function roleWithBinding(
  { kind, name }: { kind: 'ClusterRole' | 'Role'; name: string },
  needed: readonly NeededPermission[],
) {
  if (needed.length === 0) return [];
  const metadata = kind === 'Role' ? { name, namespace: IDENTITY.namespace } : { name };
  const apiGroup = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: `${apiGroup}/v1`, kind, metadata, rules: rulesOf(needed) },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup, kind, name },
      subjects: [{ kind: 'ServiceAccount', ...IDENTITY }],
    },
  ];
}

function rulesOf(needed: readonly NeededPermission[]) {
  return [...Map.groupBy(needed, (item) => item.resource)].map(([resource, items]) => {
    const verbs = [...new Set(items.map((item) => item.verb))];
    if (isPath(resource)) return { nonResourceURLs: [resource], verbs };
    const apiGroups = [...new Set(items.map((item) => item.group))];
    return { apiGroups, resources: [resource], verbs };
  });
}
