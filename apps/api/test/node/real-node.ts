/**
 * The real application, a whole Kubernetes with one real node, and a real registry that wants a
 * password. The cluster is connected with a service account that has exactly what the printed
 * manifest gives it; everything that judges the outcome asks the cluster as its administrator.
 */
import { type Client, endpoints } from '@moorage/contract';
import {
  type Kubernetes,
  type NodeOptions,
  pushTestImage,
  type Registry,
  startKubernetes,
  startNode,
  startRegistry,
  type TestNode,
} from '@moorage/testbed';
import { buildAdmin } from '../factories.js';
import { type Harness, startHarness } from '../harness.js';
import { applyManifest } from '../rbac-manifest.js';
import { eventually } from '../sync-stage.js';

export const login = { username: 'puller', password: 'correct "horse" \\ battery: #1' };

export interface RealNode {
  readonly harness: Harness;
  readonly admin: Client;
  readonly kubernetes: Kubernetes;
  readonly node: TestNode;
  readonly registry: Registry;
  /** Needs the login above. */
  readonly image: string;
  close(): Promise<void>;
}

export async function startRealNode(options: Pick<NodeOptions, 'k3s'> = {}): Promise<RealNode> {
  const started: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const stop of started.splice(0).reverse()) await stop();
  };
  const starting = async <T>(start: Promise<T>, stop: (part: T) => Promise<void>): Promise<T> => {
    const part = await start;
    started.push(() => stop(part));
    return part;
  };
  try {
    const kubernetes = await starting(
      startKubernetes({ controllerManager: true, scheduler: true }),
      (part) => part.stop(),
    );
    const registry = await starting(startRegistry({ htpasswd: [login] }), (part) => part.stop());
    const pushed = { address: registry.address, repository: 'team/app', tag: '1', login };
    const { reference: image } = await pushTestImage(pushed);
    const node = await starting(startNode({ ...options, kubernetes }), (part) => part.stop());
    const harness = await starting(startHarness(), (part) => part.close());
    const { client: admin } = await buildAdmin(harness);
    return { harness, admin, kubernetes, node, registry, image, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The token that the cluster's own controller puts into the token Secret of the manifest. */
async function readManifestToken(kubernetes: Kubernetes): Promise<string> {
  return await eventually(async () => {
    const path = '/api/v1/namespaces/moorage-system/secrets/moorage-token';
    const secret = (await kubernetes.call({ path })).json as { data?: { token?: string } };
    const base64 = secret.data?.token;
    if (base64 === undefined) throw new Error('the token Secret is still empty');
    return Buffer.from(base64, 'base64').toString('utf8');
  });
}

/** Connects the cluster and gives it, as its administrator, what the product prints. */
export async function connectCluster({ admin, kubernetes }: RealNode): Promise<string> {
  const account = { namespace: 'moorage-system', name: 'moorage' };
  const first = await kubernetes.kubeconfigForServiceAccount(account);
  const { id: clusterId } = await admin(endpoints.createCluster, {
    body: { name: 'real', kubeconfig: first },
  });
  await allowWhatIsPrinted({ admin, kubernetes }, clusterId);
  const kubeconfig = kubernetes.kubeconfigWith('moorage', await readManifestToken(kubernetes));
  await admin(endpoints.updateCluster, { clusterId, body: { kubeconfig } });
  return clusterId;
}

/** Applies the printed manifest; answers how many permissions were missing before. */
export async function allowWhatIsPrinted(
  { admin, kubernetes }: Pick<RealNode, 'admin' | 'kubernetes'>,
  clusterId: string,
): Promise<number> {
  const { missing, manifest } = await admin(endpoints.getClusterPermissions, { clusterId });
  await applyManifest(kubernetes, manifest);
  // The API server's authorizer learns of a new role by its own watch.
  await eventually(async () => {
    const now = await admin(endpoints.getClusterPermissions, { clusterId });
    if (now.missing > 0) throw new Error(`${now.missing} permissions are still missing`);
  });
  return missing;
}

interface Listed {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

/** Everything that people see of all Secrets and service accounts; equal when nothing changed. */
export async function readTraces({ kubernetes }: RealNode): Promise<readonly unknown[]> {
  const kinds = ['secrets', 'serviceaccounts'];
  const lists = await Promise.all(kinds.map((kind) => listAll(kubernetes, kind)));
  return lists.flat().map(({ metadata, data, imagePullSecrets }) => {
    const { name, namespace, uid, labels, annotations } = metadata;
    return { name, namespace, uid, labels, annotations, data, imagePullSecrets };
  });
}

async function listAll(kubernetes: Kubernetes, plural: string): Promise<readonly Listed[]> {
  const { status, json, text } = await kubernetes.call({ path: `/api/v1/${plural}` });
  if (status !== 200) throw new Error(`${plural}: ${text.slice(0, 300)}`);
  return (json as { items: Listed[] }).items;
}

export async function readSecretData(
  kubernetes: Kubernetes,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  const { status, json } = await kubernetes.call({ path });
  if (status === 404) return undefined;
  const { data = {} } = json as Listed;
  return Object.fromEntries(
    Object.entries(data).map(([key, base64]) => [key, Buffer.from(base64, 'base64').toString()]),
  );
}
