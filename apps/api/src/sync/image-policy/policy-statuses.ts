/** What is written down about each half of each policy in a cluster. Pure. */
import type { PolicyHalf } from '@moorage/core';
import type { ImagePolicyStatus } from '../sync-model.js';
import type { HeldPolicies } from './held-policies.js';
import type { Verdict } from './policy-prover.js';
import type { PolicyWish } from './policy-wishes.js';

/** In the order in which the database gives them back. */
export const policyHalves: readonly PolicyHalf[] = ['default-registry', 'whitelist'];

export const pendingVerdict: Verdict = {
  state: 'pending',
  code: null,
  detail: null,
  provenAt: null,
};

/** Whether objects of that half are to be in the cluster. */
export function isWritten({ compiled, hindrances }: PolicyWish, half: PolicyHalf): boolean {
  if (compiled === null || hindrances[half] !== undefined) return false;
  return (half === 'whitelist' ? compiled.whitelist : compiled.defaultRegistry) !== null;
}

/** One for each half that is wanted, hindered or still there. */
export function statusesOf(
  wishes: readonly PolicyWish[],
  held: HeldPolicies,
  verdictOf: (environmentId: string, half: PolicyHalf) => Verdict,
): readonly ImagePolicyStatus[] {
  const wished = new Map(wishes.map((wish) => [wish.environmentId, wish]));
  const ids = new Set([...wished.keys(), ...held.environments()]);
  return [...ids].sort().flatMap((environmentId) =>
    policyHalves.flatMap((half): ImagePolicyStatus[] => {
      const wish = wished.get(environmentId);
      const written = held.has(environmentId, half);
      const settingsHash = wish?.settingsHash ?? '';
      const base = { environmentId, half, written, settingsHash };
      const hindrance = wish?.hindrances[half];
      if (hindrance !== undefined) {
        const { state, code, detail } = hindrance;
        return [{ ...base, state, code, detail, provenAt: null }];
      }
      const isWanted = wish !== undefined && isWritten(wish, half);
      return isWanted || written ? [{ ...base, ...verdictOf(environmentId, half) }] : [];
    }),
  );
}
