/** An API server of either version connected to the application with exactly the printed permissions. */
import {
  type ClusterPermissions,
  endpoints,
  type ImagePolicy,
  type SettingName,
} from '@moorage/contract';
import {
  type ApiReply,
  countRequests,
  type Kubernetes,
  type KubernetesOptions,
  startKubernetes,
  subtractTotals,
  writeVerbs,
} from '@moorage/testbed';
import { applyManifest } from '../rbac-manifest.js';
import { addTarget, eventually, type Stage, startStage } from '../sync-stage.js';

export interface PolicyStage {
  readonly stage: Stage;
  readonly kubernetes: Kubernetes;
  readonly clusterId: string;
  readonly targetId: string;
  /** Of all four objects. */
  readonly policyName: string;
  close(): Promise<void>;
}

const account = { namespace: 'moorage-system', name: 'moorage' };

/** One target; nothing is allowed but what the manifest gave before there was a policy. */
export async function startPolicyStage(
  options: KubernetesOptions & { namespaces: readonly string[]; include: readonly string[] },
): Promise<PolicyStage> {
  const { namespaces, include, ...kubernetesOptions } = options;
  const [stage, kubernetes] = await Promise.all([startStage(), startKubernetes(kubernetesOptions)]);
  await kubernetes.createNamespaces([...namespaces, 'elsewhere']);
  const kubeconfig = await kubernetes.kubeconfigForServiceAccount(account);
  const { id: clusterId } = await stage.cast.admin.client(endpoints.createCluster, {
    body: { name: 'real', kubeconfig },
  });
  const target = await addTarget(stage, clusterId, {
    namespaces: { include: [...include], exclude: [], matchLabels: {} },
    serviceAccounts: 'none',
  });
  const installation = await stage.harness.database.one<{ id: string }>(
    'select id from installation',
  );
  const policyName = `moorage-${installation?.id.slice(0, 8)}-${stage.cast.environment.name}`;
  const real = { stage, kubernetes, clusterId, targetId: target.id, policyName };
  await allowWhatIsNeeded(real);
  return {
    ...real,
    async close() {
      await stage.close();
      await kubernetes.stop();
    },
  };
}

export type Real = Omit<PolicyStage, 'close'>;

export function readPermissions({ stage, clusterId }: Real): Promise<ClusterPermissions> {
  return stage.cast.admin.client(endpoints.getClusterPermissions, { clusterId });
}

/** What the administrator of the cluster does with the manifest as it is printed now. */
export async function allowWhatIsNeeded(real: Real): Promise<void> {
  const { manifest } = await readPermissions(real);
  await applyManifest(real.kubernetes, manifest);
}

export async function putSetting(real: Real, name: SettingName, value: string): Promise<void> {
  const env = real.stage.cast.environment.id;
  await real.stage.cast.owner.client(endpoints.putSetting, {
    env,
    name,
    body: { value, acknowledged: true },
  });
}

export async function clearSetting(real: Real, name: SettingName): Promise<void> {
  const env = real.stage.cast.environment.id;
  await real.stage.cast.owner.client(endpoints.deleteSetting, {
    env,
    name,
    query: { acknowledged: 'true' },
  });
}

export function getPolicy(real: Real): Promise<ImagePolicy> {
  const env = real.stage.cast.environment.id;
  return real.stage.cast.viewer.client(endpoints.getPolicy, { env });
}

type Half = ImagePolicy['clusters'][number]['whitelist'];

export async function halfOf(real: Real, half: 'whitelist' | 'defaultRegistry'): Promise<Half> {
  const policy = await getPolicy(real);
  const cluster = policy.clusters.find(({ clusterId }) => clusterId === real.clusterId);
  if (cluster === undefined) throw new Error('the policy names no such cluster');
  return cluster[half];
}

export function untilState(
  real: Real,
  half: 'whitelist' | 'defaultRegistry',
  state: Half['state'],
  timeoutMs = 20_000,
): Promise<Half> {
  return eventually(async () => {
    const found = await halfOf(real, half);
    if (found.state !== state) throw new Error(JSON.stringify(found));
    return found;
  }, timeoutMs);
}

/** Waits for a proof that is newer than everything before `work`. */
export async function provenAfter(
  real: Real,
  half: 'whitelist' | 'defaultRegistry',
  work: () => Promise<unknown>,
): Promise<Half> {
  const before = (await halfOf(real, half)).provenAt;
  await work();
  return await eventually(async () => {
    const found = await halfOf(real, half);
    if (found.provenAt === null || found.provenAt === before)
      throw new Error(JSON.stringify(found));
    return found;
  }, 20_000);
}

const GROUP = '/apis/admissionregistration.k8s.io';

export type PolicyCollection =
  | 'validatingadmissionpolicies'
  | 'validatingadmissionpolicybindings'
  | 'mutatingadmissionpolicies'
  | 'mutatingadmissionpolicybindings';

export const collections: readonly PolicyCollection[] = [
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
];

export function policyPath(
  real: Pick<Real, 'policyName'>,
  collection: PolicyCollection,
  version = 'v1',
) {
  return `${GROUP}/${version}/${collection}/${real.policyName}`;
}

/** Which of the four exist. */
export async function presentPolicies(real: Real, version = 'v1'): Promise<PolicyCollection[]> {
  const found = await Promise.all(
    collections.map(async (collection) => {
      const { status } = await real.kubernetes.call({
        path: policyPath(real, collection, version),
      });
      return status === 200 ? [collection] : [];
    }),
  );
  return found.flat();
}

/** Writes of admission policies that the API server has counted while `work` ran. */
export async function policyWrites(
  { kubernetes }: Real,
  work: () => Promise<unknown>,
): Promise<number> {
  const before = await kubernetes.requestTotals();
  await work();
  const after = subtractTotals(await kubernetes.requestTotals(), before);
  const ours = after.filter(({ resource }) => resource.includes('admissionpolic'));
  return countRequests(ours, { verbs: writeVerbs });
}

export function podWith(...images: string[]) {
  return { containers: images.map((image, index) => ({ name: `c${index}`, image })) };
}

export function createPod(
  { kubernetes }: Real,
  namespace: string,
  spec: object,
  query = '',
): Promise<ApiReply> {
  return kubernetes.call({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods${query}`,
    body: { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'p-' }, spec },
  });
}

export function dryRunPod(real: Real, namespace: string, ...images: string[]): Promise<ApiReply> {
  return createPod(real, namespace, podWith(...images), '?dryRun=All');
}

export async function patch({ kubernetes }: Real, path: string, body: object): Promise<void> {
  const contentType = 'application/merge-patch+json';
  const reply = await kubernetes.call({ method: 'PATCH', path, body, contentType });
  if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text.slice(0, 300)}`);
}
