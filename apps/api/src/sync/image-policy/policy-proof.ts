/**
 * Whether a policy is in force, asked of the cluster by a dry run: nothing is stored, and nothing
 * of the cluster's own objects is involved. That an object exists proves nothing: the API server
 * takes policies up about once a second, and its admission plugin may be switched off.
 *
 * The whitelist is asked with a PodTemplate: it is judged by the same policy as pods are, but
 * nothing ever runs one, so the permission to create it is worth nothing to a thief, and none of
 * the other plugins that refuse pods (PodSecurity, quotas, service accounts) look at it.
 *
 * The default registry is put into pods alone, so only a pod can show it.
 */
import { isKubeError, type KubeClient, KubeError, resourcePath } from '@moorage/kube';

export type ProofOutcome =
  | { readonly kind: 'proven' }
  /** The cluster took it as if there were no policy, or an older one. */
  | { readonly kind: 'passed' }
  /** Something else said no first, so the policy was not asked. */
  | { readonly kind: 'obstructed'; readonly code: string; readonly detail: string }
  | { readonly kind: 'unanswered' };

export interface ListProof {
  readonly namespace: string;
  readonly policyName: string;
  readonly revision: string;
  readonly mode: 'enforce' | 'warn';
  /** That this policy refuses, and if possible no other. */
  readonly image: string;
}

export interface RewriteProof {
  readonly namespace: string;
  /** What bare names get in front, with its slash. */
  readonly prefix: string;
}

/** A dry run is one small request; longer than this and the cluster has other worries. */
const PROOF_TIMEOUT_MS = 5_000;
const BARE_IMAGE = 'moorage-policy-proof';

export async function proveList(client: KubeClient, proof: ListProof): Promise<ProofOutcome> {
  const { namespace, policyName, revision, mode, image } = proof;
  const signature = `[${policyName} ${revision}]`;
  const template = { spec: { containers: [{ name: 'proof', image }] } };
  const warnings: string[] = [];
  const answer = await dryRun(client, resourcePath.of('v1', 'podtemplates', namespace), {
    body: { apiVersion: 'v1', kind: 'PodTemplate', metadata: PROOF_NAME, template },
    onWarning: (text) => warnings.push(text),
  });
  if (answer instanceof KubeError) warnings.push(...answer.warnings);
  const said = mode === 'warn' ? warnings.join('\n') : wordsOf(answer);
  if (said.includes(signature)) return { kind: 'proven' };
  // A refusal of another revision, or in the other mode, has yet to be taken up.
  if (!(answer instanceof KubeError) || isFrom(answer, policyName)) return { kind: 'passed' };
  return obstruction(answer, 'podtemplates');
}

export async function proveRewrite(client: KubeClient, proof: RewriteProof): Promise<ProofOutcome> {
  const expected = `${proof.prefix}${BARE_IMAGE}`;
  const answer = await dryRun(client, resourcePath.pods(proof.namespace), {
    body: { apiVersion: 'v1', kind: 'Pod', metadata: PROOF_NAME, spec: POD },
  });
  // A whitelist that refuses it under its new name has seen it rewritten.
  if (wordsOf(answer).includes(JSON.stringify(expected).slice(0, -1))) return { kind: 'proven' };
  if (!(answer instanceof KubeError)) {
    return imageOf(answer) === expected ? { kind: 'proven' } : { kind: 'passed' };
  }
  if (wordsOf(answer).includes(JSON.stringify(BARE_IMAGE))) return { kind: 'passed' };
  return obstruction(answer, 'pods');
}

const PROOF_NAME = { generateName: 'moorage-policy-proof-' } as const;

/** Meets the strictest Pod Security Standard, so that only a policy has a reason to touch it. */
const POD = {
  automountServiceAccountToken: false,
  restartPolicy: 'Never',
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65_534,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  containers: [
    {
      name: 'proof',
      image: BARE_IMAGE,
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '1m', memory: '1Mi' } },
    },
  ],
} as const;

interface DryRun {
  readonly body: object;
  readonly onWarning?: (text: string) => void;
}

/** What would have been stored, or who said no. */
async function dryRun(
  client: KubeClient,
  path: string,
  { body, onWarning }: DryRun,
): Promise<object | KubeError> {
  try {
    return await client.create<object & { metadata: { name: string } }>(path, body, {
      dryRun: true,
      timeoutMs: PROOF_TIMEOUT_MS,
      ...(onWarning === undefined ? {} : { onWarning }),
    });
  } catch (error) {
    if (isKubeError(error)) return error;
    throw error;
  }
}

function wordsOf(answer: unknown): string {
  return answer instanceof KubeError ? (answer.statusMessage ?? '') : '';
}

function isFrom(answer: unknown, policyName: string): boolean {
  return wordsOf(answer).includes(`ValidatingAdmissionPolicy '${policyName}'`);
}

function obstruction(error: KubeError, resource: string): ProofOutcome {
  if (error.status === null || error.retryable) return { kind: 'unanswered' };
  if (/ cannot create resource /.test(wordsOf(error))) {
    return {
      kind: 'obstructed',
      code: 'policy.proof-forbidden',
      detail: `Whether it is in force cannot be shown: our account may not create ${resource} here, not even by a dry run.`,
    };
  }
  if (/ValidatingAdmissionPolicy 'moorage-/.test(wordsOf(error))) {
    return {
      kind: 'obstructed',
      code: 'policy.proof-refused',
      // Who reads it may not know the other environment.
      detail:
        'Whether it is in force cannot be shown: the policy of another environment that serves the same namespaces refuses first.',
    };
  }
  return {
    kind: 'obstructed',
    code: 'policy.proof-refused',
    detail: `Whether it is in force cannot be shown: something else in the cluster refused the dry run first (${wordsOf(error).slice(0, 200) || error.reason}).`,
  };
}

function imageOf(answer: unknown): string | null {
  // The API server's own answer to the pod above; anything else does not match.
  const { spec } = answer as { spec?: { containers?: readonly { image?: string }[] } };
  return spec?.containers?.[0]?.image ?? null;
}
