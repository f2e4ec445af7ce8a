/** What an administrator of a cluster does with the manifest that the product prints. */
import type { Kubernetes } from '@moorage/testbed';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Secret: 'secrets',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** What `kubectl apply --server-side --filename -` does with the documents of a manifest. */
export async function applyManifest(kubernetes: Kubernetes, manifest: string): Promise<void> {
  for (const text of manifest.split('---\n')) {
    const document = JSON.parse(text) as Manifest;
    const reply = await kubernetes.call({
      method: 'PATCH',
      path: `${pathOf(document)}?fieldManager=administrator&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: document,
    });
    if (reply.status >= 300) throw new Error(`${document.kind}: ${reply.text.slice(0, 500)}`);
  }
}

function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const plural = plurals[kind];
  if (plural === undefined) throw new Error(`The manifest has a ${kind}, which is new`);
  const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const inside = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${group}${inside}/${plural}/${metadata.name}`;
}
