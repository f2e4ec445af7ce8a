/** What is to be proven of one environment's policy, and where it can be shown. */
import { decideImage, formatPolicyEntry, type ImagePolicy, type PolicyHalf } from '@moorage/core';
import type { KubeClient } from '@moorage/kube';
import type { SlimNamespace } from '../slim-objects.js';
import { proveList, proveRewrite } from './policy-proof.js';
import type { Claim } from './policy-prover.js';
import { isSelected, type PolicyWish } from './policy-wishes.js';
import type { WriteMark } from './policy-writer.js';

export interface ClaimContext {
  readonly client: KubeClient;
  readonly namespaces: readonly SlimNamespace[];
  /** All of the cluster. */
  readonly wishes: readonly PolicyWish[];
  readonly markOf: (name: string, half: PolicyHalf) => WriteMark;
}

/** Of the half as it was compiled; null when there is nothing of it to be in force. */
export function claimOf(wish: PolicyWish, half: PolicyHalf, context: ClaimContext): Claim | null {
  const { compiled } = wish;
  if (compiled === null || wish.hindrances[half] !== undefined) return null;
  const { client, markOf } = context;
  const { name } = compiled;
  const namespaces = () => whereToShow(wish, context);
  const { count, settledAt } = markOf(name, half);
  const base = { key: keyOf(wish.environmentId, half), namespaces, notBefore: settledAt };
  if (half === 'whitelist') {
    if (compiled.whitelist === null) return null;
    const { revision } = compiled.whitelist;
    const mode = wish.policy?.mode === 'warn' ? 'warn' : 'enforce';
    return {
      ...base,
      content: `${revision} ${mode} ${count}`,
      state: mode === 'warn' ? 'warns' : 'in-force',
      notEnforced: NOT_ENFORCED,
      prove: (namespace) =>
        proveList(client, {
          namespace,
          policyName: name,
          revision,
          mode,
          image: refusedImage(wish, revision, judgingAt(namespace, wish, context)),
        }),
    };
  }
  const registry = wish.policy?.defaultRegistry ?? null;
  if (compiled.defaultRegistry === null || registry === null) return null;
  const prefix = `${formatPolicyEntry(registry)}/`;
  return {
    ...base,
    content: `${prefix} ${count}`,
    state: 'in-force',
    notEnforced: NOT_REWRITTEN,
    prove: (namespace) => proveRewrite(client, { namespace, prefix }),
  };
}

export function keyOf(environmentId: string, half: PolicyHalf): string {
  return `${environmentId} ${half}`;
}

const NOT_ENFORCED =
  'Written, but the cluster goes on accepting an image that the policy refuses. Check that its admission plugin ValidatingAdmissionPolicy is switched on.';
const NOT_REWRITTEN =
  'Written, but the cluster goes on accepting a pod whose image names no registry as it is. Check that its admission plugin MutatingAdmissionPolicy is switched on.';

/** Where only this policy applies first: another one may refuse before this one is asked. */
function whereToShow(wish: PolicyWish, context: ClaimContext): readonly string[] {
  return context.namespaces
    .filter((namespace) => !namespace.terminating && isSelected(wish, namespace))
    .map((namespace) => ({
      name: namespace.name,
      judging: judgingIn(namespace, wish, context).length,
    }))
    .sort((a, b) => a.judging - b.judging || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** The other policies that judge in that namespace. */
function judgingIn(
  namespace: SlimNamespace,
  wish: PolicyWish,
  { wishes }: Pick<ClaimContext, 'wishes'>,
): readonly ImagePolicy[] {
  return wishes
    .filter((other) => other !== wish && other.compiled?.whitelist != null)
    .filter((other) => isSelected(other, namespace))
    .flatMap(({ policy }) => (policy === null ? [] : [policy]));
}

function judgingAt(name: string, wish: PolicyWish, context: ClaimContext): readonly ImagePolicy[] {
  const namespace = context.namespaces.find((each) => each.name === name);
  return namespace === undefined ? [] : judgingIn(namespace, wish, context);
}

/**
 * An image that this policy refuses and no other one, if there is such an image; else one that
 * nobody can have allowed by accident: its host is below `.invalid` (RFC 2606).
 */
export function refusedImage(
  { policy }: Pick<PolicyWish, 'policy'>,
  revision: string,
  others: readonly ImagePolicy[],
): string {
  const decide = (image: string, by: ImagePolicy) => decideImage(image, by).outcome;
  const candidates = others
    .flatMap(({ whitelist }) => whitelist ?? [])
    .map((entry) => `${formatPolicyEntry(entry)}/moorage-proof-${revision}`);
  const fitting = candidates.find(
    (image) =>
      policy !== null &&
      decide(image, policy) === 'denied' &&
      others.every((other) => decide(image, other) === 'allowed'),
  );
  return fitting ?? `${revision}.moorage.invalid/proof`;
}
