/** What is to be proven of one environment's policy, and where it can be shown. */
import { formatPolicyEntry, type PolicyHalf } from '@moorage/core';
import type { KubeClient } from '@moorage/kube';
import type { SlimNamespace } from '../slim-objects.js';
import { proveList, proveRewrite } from './policy-proof.js';
import type { Claim } from './policy-prover.js';
import { isSelected, type PolicyWish } from './policy-wishes.js';

export interface ClaimContext {
  readonly client: KubeClient;
  readonly namespaces: readonly SlimNamespace[];
  /** All of the cluster. */
  readonly wishes: readonly PolicyWish[];
  readonly writesOf: (name: string, half: PolicyHalf) => number;
}

/** Of the half as it was compiled; null when there is nothing of it to be in force. */
export function claimOf(wish: PolicyWish, half: PolicyHalf, context: ClaimContext): Claim | null {
  const { compiled } = wish;
  if (compiled === null || wish.hindrances[half] !== undefined) return null;
  const { client, writesOf } = context;
  const { name } = compiled;
  const namespaces = () => whereToShow(wish, context);
  const base = { key: keyOf(wish.environmentId, half), namespaces };
  const writes = writesOf(name, half);
  if (half === 'whitelist') {
    if (compiled.whitelist === null) return null;
    const { revision } = compiled.whitelist;
    const mode = wish.policy?.mode === 'warn' ? 'warn' : 'enforce';
    return {
      ...base,
      content: `${revision} ${mode} ${writes}`,
      state: mode === 'warn' ? 'warns' : 'in-force',
      notEnforced: NOT_ENFORCED,
      prove: (namespace) => proveList(client, { namespace, policyName: name, revision, mode }),
    };
  }
  const registry = wish.policy?.defaultRegistry ?? null;
  if (compiled.defaultRegistry === null || registry === null) return null;
  const prefix = `${formatPolicyEntry(registry)}/`;
  return {
    ...base,
    content: `${prefix} ${writes}`,
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
function whereToShow(wish: PolicyWish, { namespaces, wishes }: ClaimContext): readonly string[] {
  const others = wishes.filter((other) => other !== wish && other.compiled?.whitelist != null);
  return namespaces
    .filter((namespace) => !namespace.terminating && isSelected(wish, namespace))
    .map(({ name, ...rest }) => {
      const isShared = others.some((other) => isSelected(other, { name, ...rest }));
      return { name, isShared };
    })
    .sort((a, b) => Number(a.isShared) - Number(b.isShared) || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}
