import { createLoader, parseAsString } from 'nuqs/server';
import { read } from '../../lib/reads';

export const clusterFilters = { q: parseAsString.withDefault(''), cursor: parseAsString };
export const loadClusterFilters = createLoader(clusterFilters);

export const clustersOf = ({ q, cursor }: Awaited<ReturnType<typeof loadClusterFilters>>) =>
  read('listClusters', { query: { q, ...(cursor === null ? {} : { cursor }) } });
export const clusterOf = (clusterId: string) => read('getCluster', { clusterId });
export const permissionsOf = (clusterId: string) => read('getClusterPermissions', { clusterId });
export const grantsOf = (clusterId: string) => read('listGrants', { clusterId });
