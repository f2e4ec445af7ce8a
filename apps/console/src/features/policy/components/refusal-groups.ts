import type { PolicyRefusal } from '@moorage/contract';

export interface WorkloadRefusals {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly images: readonly PolicyRefusal[];
}
export interface NamespaceRefusals {
  readonly key: string;
  readonly namespace: string;
  /** said where more than one environment is reached */
  readonly environmentName: string;
  readonly workloads: readonly WorkloadRefusals[];
}
export interface ClusterRefusals {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly images: number;
  /** images that are allowed today */
  readonly newImages: number;
  readonly namespaces: readonly NamespaceRefusals[];
}

function workloadsOf(refusals: readonly PolicyRefusal[]): readonly WorkloadRefusals[] {
  const groups = Map.groupBy(refusals, ({ workload }) => `${workload.kind}/${workload.name}`);
  return [...groups].flatMap(([key, images]) =>
    images[0] === undefined ? [] : [{ key, ...images[0].workload, images }],
  );
}

function namespacesOf(refusals: readonly PolicyRefusal[]): readonly NamespaceRefusals[] {
  const groups = Map.groupBy(refusals, (each) => `${each.namespace}/${each.environmentId}`);
  return [...groups].flatMap(([key, items]) => {
    const [first] = items;
    if (first === undefined) return [];
    const { namespace, environmentName } = first;
    return [{ key, namespace, environmentName, workloads: workloadsOf(items) }];
  });
}

/** Cluster → namespace → workload → image, in the order in which the server names them: new ones first. */
export function groupRefusals(refusals: readonly PolicyRefusal[]): readonly ClusterRefusals[] {
  const groups = Map.groupBy(refusals, ({ clusterId }) => clusterId);
  return [...groups].map(([clusterId, items]) => ({
    clusterId,
    clusterName: items[0]?.clusterName ?? '',
    images: items.length,
    newImages: items.filter(({ refusedAlready }) => !refusedAlready).length,
    namespaces: namespacesOf(items),
  }));
}
