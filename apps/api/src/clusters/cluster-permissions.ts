/**
 * What our identity in a cluster needs, feature by feature, and a manifest that gives exactly that.
 * The requests of `sync/` and `node-config` are the source; a test compares the two.
 */
import type { ClusterPermissions } from '@moorage/contract';
import { type KubeClient, resourcePath } from '@moorage/kube';

export type NeededPermission = Omit<ClusterPermissions['items'][number], 'allowed'>;

export interface FeaturesInUse {
  readonly attach: boolean;
  readonly nodeConfig: boolean;
}

const IDENTITY = { namespace: 'moorage-system', name: 'moorage' } as const;

export function neededPermissions(features: FeaturesInUse): readonly NeededPermission[] {
  const everywhere = (
    feature: NeededPermission['feature'],
    resource: string,
    verbs: readonly string[],
  ): NeededPermission[] =>
    verbs.map((verb) => ({ group: '', resource, verb, namespace: null, feature }));
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
          {
            group: '',
            resource: 'secrets',
            verb: 'update',
            namespace: IDENTITY.namespace,
            feature: 'node-config' as const,
          },
        ]
      : []),
  ];
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
      const { group, resource, verb, namespace } = item;
      const resourceAttributes = {
        group,
        resource,
        verb,
        ...(namespace === null ? {} : { namespace }),
      };
      const review = await client.create<AccessReview>(resourcePath.selfSubjectAccessReviews(), {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      });
      return { ...item, allowed: review.status?.allowed === true };
    }),
  );
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
      'ClusterRole',
      needed.filter((item) => item.namespace === null),
    ),
    ...roleWithBinding(
      'Role',
      needed.filter((item) => item.namespace !== null),
    ),
  ];
  // JSON is YAML: nothing in a name can break out of it.
  return documents.map((document) => `${JSON.stringify(document, null, 2)}\n`).join('---\n');
}

function roleWithBinding(kind: 'ClusterRole' | 'Role', needed: readonly NeededPermission[]) {
  if (needed.length === 0) return [];
  const metadata =
    kind === 'Role'
      ? { name: IDENTITY.name, namespace: IDENTITY.namespace }
      : { name: IDENTITY.name };
  const apiGroup = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: `${apiGroup}/v1`, kind, metadata, rules: rulesOf(needed) },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup, kind, name: IDENTITY.name },
      subjects: [{ kind: 'ServiceAccount', ...IDENTITY }],
    },
  ];
}

function rulesOf(needed: readonly NeededPermission[]) {
  return [...Map.groupBy(needed, (item) => item.resource)].map(([resource, items]) => ({
    apiGroups: [...new Set(items.map((item) => item.group))],
    resources: [resource],
    verbs: [...new Set(items.map((item) => item.verb))],
  }));
}
