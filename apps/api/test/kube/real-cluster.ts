/** A real API server connected to the real application, and how somebody in that cluster sees it. */
import { endpoints } from '@moorage/contract';
import { type ApiReply, type Kubernetes, startKubernetes } from '@moorage/testbed';
import { expect } from 'vitest';
import { type Decoded, eventually, type Stage, startStage } from '../sync-stage.js';

export interface RealStage {
  readonly stage: Stage;
  readonly kubernetes: Kubernetes;
  readonly clusterId: string;
  close(): Promise<void>;
}

export interface RealObject {
  readonly type?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

/** Connects with a service account that has exactly the permissions that the product asks for. */
export async function startRealStage(): Promise<RealStage> {
  const [stage, kubernetes] = await Promise.all([startStage(), startKubernetes()]);
  const account = { namespace: 'moorage-system', name: 'moorage' };
  const kubeconfig = await kubernetes.kubeconfigForServiceAccount(account);
  const { id } = await stage.cast.admin.client(endpoints.createCluster, {
    body: { name: 'real', kubeconfig },
  });
  const needed = await stage.cast.admin.client(endpoints.getClusterPermissions, { clusterId: id });
  await kubernetes.grant(
    account,
    needed.items.map(({ group, resource, verb }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [verb],
    })),
  );
  // Until the grant, the first lists were refused; their repetitions must not fall into a count.
  await eventually(async () => {
    const cluster = await stage.cast.admin.client(endpoints.getCluster, { clusterId: id });
    expect(cluster).toMatchObject({ reachable: true, lastError: null });
  }, 30_000);
  return {
    stage,
    kubernetes,
    clusterId: id,
    async close() {
      await stage.close();
      await kubernetes.stop();
    },
  };
}

export async function readObject(
  { kubernetes }: RealStage,
  path: string,
): Promise<RealObject | undefined> {
  const reply = await kubernetes.call({ path });
  if (reply.status === 404) return undefined;
  return checked(reply).json as RealObject;
}

export function readSecret(real: RealStage, namespace: string, name: string) {
  return readObject(real, `/api/v1/namespaces/${namespace}/secrets/${name}`);
}

export function readAccount(real: RealStage, namespace: string, name = 'default') {
  return readObject(real, `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`);
}

export async function readAuths(
  real: RealStage,
  namespace: string,
  name: string,
): Promise<Decoded | undefined> {
  const secret = await readSecret(real, namespace, name);
  const base64 = secret?.data?.['.dockerconfigjson'];
  if (base64 === undefined) return undefined;
  return (JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as { auths: Decoded }).auths;
}

export async function readPullSecrets(real: RealStage, namespace: string): Promise<string[]> {
  const account = await readAccount(real, namespace);
  return (account?.imagePullSecrets ?? []).map((entry) => entry.name);
}

export async function patch({ kubernetes }: RealStage, path: string, body: unknown): Promise<void> {
  const contentType = 'application/merge-patch+json';
  checked(await kubernetes.call({ method: 'PATCH', path, body, contentType }));
}

export async function post({ kubernetes }: RealStage, path: string, body: unknown): Promise<void> {
  checked(await kubernetes.call({ method: 'POST', path, body }));
}

function checked(reply: ApiReply): ApiReply {
  if (reply.status >= 300) throw new Error(`${reply.status}: ${reply.text.slice(0, 300)}`);
  return reply;
}
