/**
 * Who keeps which Secret in a namespace. Several targets can want one name there; exactly one of
 * them may have it, and the choice must be the same at every look: whose Secret it is now, then
 * whose environment's, then the target's id.
 */
import { compareText } from '../compare-text.js';
import type { ForeignSecret, NamespaceView, ObservedSecret, TargetInNamespace } from './model.js';

export type Claim =
  | { readonly kind: 'owner'; readonly present: ObservedSecret | null }
  | { readonly kind: 'adopts'; readonly foreign: ForeignSecret }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'taken' };

/** The claim of each target that wants a Secret here; others are absent. */
export function claimSecretNames(view: NamespaceView): ReadonlyMap<string, Claim> {
  const claims = new Map<string, Claim>();
  if (view.namespace.terminating || view.namespace.ignored) return claims;
  const ours = new Map(view.secrets.map((secret) => [secret.name, secret]));
  const wanted = Map.groupBy(view.targets.filter(wantsSecret), (t) => t.target.secretName);
  for (const [name, candidates] of wanted) {
    const present = ours.get(name) ?? null;
    const [first, ...losers] = candidates.toSorted(byPrecedence(present));
    if (first === undefined) continue;
    claims.set(first.target.targetId, claimOf(first, present, view.foreignSecrets.get(name)));
    for (const { target } of losers) claims.set(target.targetId, { kind: 'taken' });
  }
  return claims;
}

function wantsSecret({ target, selected }: TargetInNamespace): boolean {
  return target.state === 'active' && selected;
}

function claimOf(
  { choice }: TargetInNamespace,
  present: ObservedSecret | null,
  foreign: ForeignSecret | undefined,
): Claim {
  if (present !== null || foreign === undefined) return { kind: 'owner', present };
  if (choice === 'adopt') return { kind: 'adopts', foreign };
  return { kind: choice === 'skip' ? 'skipped' : 'foreign' };
}

function byPrecedence(present: ObservedSecret | null) {
  const rank = ({ target }: TargetInNamespace): number => {
    if (present?.environmentId !== target.environmentId) return 2;
    return present.targetId === target.targetId ? 0 : 1;
  };
  return (a: TargetInNamespace, b: TargetInNamespace): number =>
    rank(a) - rank(b) || compareText(a.target.targetId, b.target.targetId);
}
