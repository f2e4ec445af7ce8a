import type { EventTopic } from '@moorage/contract';
import type { QueryClient } from '@tanstack/react-query';
import type { OperationId } from '../operations';

/** What has to be read again when something of a noun changed. The audit grows with every change. */
const READS_OF_TOPIC: Readonly<Record<EventTopic, readonly OperationId[]>> = {
  environments: ['listEnvironments', 'getEnvironmentSummary'],
  members: ['listMembers'],
  settings: [
    'listSettings',
    'listInstallationSettings',
    'getPolicy',
    'exportPolicy',
    'resolveImage',
    'listStoppedImages',
  ],
  registries: [
    'listRegistries',
    'getRegistry',
    'listCredentials',
    'getRegistryImpact',
    'getEnvironmentSummary',
    'getNodeConfig',
    'previewNodeConfig',
    'planTarget',
  ],
  credentials: [
    'listCredentials',
    'listRegistries',
    'getRegistry',
    'getRegistryImpact',
    'getCredentialImpact',
    'getEnvironmentSummary',
    'getNodeConfig',
    'previewNodeConfig',
    'planTarget',
  ],
  clusters: [
    'listClusters',
    'getCluster',
    'listGrants',
    'listGrantedClusters',
    'getEnvironmentSummary',
    'getPolicy',
  ],
  targets: [
    'listTargets',
    'getTarget',
    'listTargetNamespaces',
    'planTarget',
    'listRegistries',
    'getRegistry',
    'getEnvironmentSummary',
    'getPolicy',
    'resolveImage',
  ],
  mirrors: ['listMirrors', 'getNodeConfig', 'previewNodeConfig'],
  users: ['listUsers'],
  'api-keys': ['listApiKeys'],
};

/** Marks what these topics touch as stale; what is on the screen is read again at once. */
export async function invalidateTopics(
  queryClient: QueryClient,
  topics: Iterable<EventTopic>,
  fresh: ReadonlySet<OperationId> = new Set(),
): Promise<void> {
  const stale = new Set<unknown>(['listAudit', 'listInstallationAudit']);
  for (const topic of topics) for (const operation of READS_OF_TOPIC[topic]) stale.add(operation);
  for (const operation of fresh) stale.delete(operation);
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => stale.has(queryKey[0]) });
}
