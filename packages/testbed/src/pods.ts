/** One pod on one node, watched until its image is there or refused. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Kubernetes } from './kubernetes.js';

export interface PodOptions {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly imagePullSecrets?: readonly string[];
  readonly serviceAccountName?: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  readonly timeoutMs?: number;
}

export interface PodOutcome {
  readonly phase: 'running' | 'refused';
  /** For a refused pod, e.g. `ErrImagePull`. */
  readonly reason: string;
  readonly message: string;
}

interface PodStatus {
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly state?: {
        readonly running?: object;
        readonly waiting?: { readonly reason?: string; readonly message?: string };
      };
    }[];
  };
}

export async function runPod(
  kubernetes: Kubernetes,
  node: string,
  options: PodOptions,
): Promise<PodOutcome> {
  const { namespace, name } = options;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await createPod(kubernetes, pods, node, options);
  const deadline = performance.now() + (options.timeoutMs ?? 60_000);
  let last = '';
  while (performance.now() < deadline) {
    const reply = await kubernetes.call({ path: `${pods}/${name}` });
    const outcome = outcomeOf(reply.json as PodStatus); // The kubelet's own status, read optionally.
    if (outcome !== undefined) return outcome;
    last = reply.text;
    await delay(200);
  }
  throw new Error(`pod ${namespace}/${name} neither runs nor is refused: ${last.slice(-1_500)}`);
}

/** With controllers the namespace's service account comes a moment after the namespace. */
async function createPod(
  kubernetes: Kubernetes,
  pods: string,
  node: string,
  options: PodOptions,
): Promise<void> {
  const body = podOf(node, options);
  for (let attempt = 0; ; attempt += 1) {
    const { status, text } = await kubernetes.call({ method: 'POST', path: pods, body });
    if (status === 201) return;
    if (attempt === 20 || !text.includes('error looking up service account')) throw new Error(text);
    await delay(250);
  }
}

function podOf(nodeName: string, options: PodOptions): unknown {
  const { name, image, imagePullPolicy = 'Always', imagePullSecrets, serviceAccountName } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      nodeName,
      containers: [{ name: 'main', image, imagePullPolicy }],
      terminationGracePeriodSeconds: 0,
      ...(imagePullSecrets === undefined
        ? {}
        : { imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })) }),
      ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    },
  };
}

function outcomeOf({ status }: PodStatus): PodOutcome | undefined {
  const state = status?.containerStatuses?.[0]?.state;
  if (state?.running !== undefined) return { phase: 'running', reason: '', message: '' };
  const { reason = '', message = '' } = state?.waiting ?? {};
  // ImagePullBackOff repeats an older refusal with less said; the first one has the cause.
  const refusals = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];
  return refusals.includes(reason) ? { phase: 'refused', reason, message } : undefined;
}
