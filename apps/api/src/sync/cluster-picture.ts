/** A cluster read once, for a plan on a replica that does not watch it. */
import { SYNC_MARKS } from '@moorage/core';
import {
  type KubeClient,
  type KubeObject,
  type NamespaceObject,
  resourcePath,
  type SecretObject,
  type ServiceAccountObject,
} from '@moorage/kube';
import type { ClusterPicture } from './observed-cluster.js';
import { type ContentHash, slimNamespace, slimSecret, slimServiceAccount } from './slim-objects.js';

export interface PictureOptions {
  readonly installationId: string;
  readonly contentHash: ContentHash;
  readonly allAccounts: boolean;
}

export async function loadClusterPicture(
  client: KubeClient,
  { installationId, contentHash, allAccounts }: PictureOptions,
): Promise<ClusterPicture> {
  const labelSelector = `${SYNC_MARKS.managedByLabel}=${SYNC_MARKS.managedBy},${SYNC_MARKS.installationLabel}=${installationId}`;
  const accountSelector = allAccounts ? {} : { fieldSelector: 'metadata.name=default' };
  const [namespaces, secrets, accounts] = await Promise.all([
    client.list<NamespaceObject>(resourcePath.namespaces()),
    client.list<SecretObject>(resourcePath.secrets(), { labelSelector }),
    client.list<ServiceAccountObject>(resourcePath.serviceAccounts(), accountSelector),
  ]);
  const slim = new Map(
    namespaces.items.map((object) => [object.metadata.name, slimNamespace(object)]),
  );
  const secretsBy = Map.groupBy(secrets.items, namespaceOf);
  const accountsBy = Map.groupBy(accounts.items, namespaceOf);
  return {
    namespaces: () => slim.values(),
    view(name) {
      const namespace = slim.get(name);
      if (namespace === undefined) return null;
      return {
        namespace,
        secrets: (secretsBy.get(name) ?? []).map((object) => slimSecret(object, contentHash)),
        serviceAccounts: (accountsBy.get(name) ?? []).map(slimServiceAccount),
      };
    },
  };
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? '';
}
