import type { Cluster } from '@moorage/contract';
import { call } from '../../lib/api';
import type { Input } from '../../lib/operations';

export type ClusterAccess = Pick<
  Input<'updateCluster'>['body'],
  'kubeconfig' | 'context' | 'server' | 'caCertificate' | 'token'
>;
export type GrantsInput = Input<'putGrants'>['body'];

export const inspectKubeconfig = (kubeconfig: string, context?: string) =>
  call('inspectKubeconfig', {
    body: { kubeconfig, ...(context === undefined ? {} : { context }) },
  });
/** Connects and asks at once whether it answers; if it does not, its page says why. */
export async function addCluster(name: string, access: ClusterAccess) {
  const cluster = await call('createCluster', { body: { name, ...access } });
  await call('checkCluster', { clusterId: cluster.id }).catch(() => undefined);
  return cluster;
}
export const replaceAccess = ({ id, version }: Cluster, access: ClusterAccess) =>
  call('updateCluster', { clusterId: id, body: access, ifMatch: version });
export const deleteCluster = ({ id }: Cluster, forget: boolean) =>
  call('deleteCluster', { clusterId: id, query: forget ? { forget: 'true' } : {} });
export const checkCluster = ({ id }: Cluster) => call('checkCluster', { clusterId: id });
export const putGrants = ({ id }: Cluster, body: GrantsInput) =>
  call('putGrants', { clusterId: id, body });
