/** What is said about one target in one namespace, beside the changes. */
import type { Claim } from './claim-secret-names.js';
import type {
  NamespaceChange,
  NamespaceView,
  ObservedSecret,
  TargetInNamespace,
  Verdict,
} from './model.js';
import { findDrift, whyUnwritable } from './secret-drift.js';
import type { WithheldChange } from './withhold-changes.js';

interface Findings {
  readonly view: NamespaceView;
  readonly changes: readonly NamespaceChange[];
  readonly withheld: readonly WithheldChange[];
  readonly claim: Claim | null;
}

/** Null = the target has nothing to do with this namespace. */
export function decideVerdict(t: TargetInNamespace, findings: Findings): Verdict | null {
  const { view, changes, withheld, claim } = findings;
  const wanted = t.target.state === 'active' && t.selected;
  if (view.namespace.terminating) {
    return wanted ? ignored('namespace.terminating', 'The namespace is being deleted.') : null;
  }
  const refused = withheld.find(({ change }) => concerns(change, t));
  if (refused !== undefined) return failed(refused.reason, t);
  const pending = changes.some((change) => concerns(change, t));
  if (claim === null) {
    if (pending) return verdict('pending', null, null, t.attachedName);
    if (!wanted) return null;
    return ignored('namespace.opted-out', 'Its owner annotated it with moorage.dev/ignore.');
  }
  return decideClaimed(t, claim, pending);
}

function decideClaimed(t: TargetInNamespace, claim: Claim, pending: boolean): Verdict {
  const { target } = t;
  switch (claim.kind) {
    case 'skipped':
      return ignored('secret.skipped', `Somebody else's Secret ${target.secretName} stays.`);
    case 'foreign':
      return verdict(
        'conflict',
        'secret.foreign',
        `A Secret ${target.secretName} that is not ours exists: adopt it or skip this namespace.`,
        t.attachedName,
      );
    case 'taken':
      return verdict(
        'conflict',
        'secret.taken',
        `Another target keeps a Secret ${target.secretName} here: choose another name.`,
        null,
      );
    case 'adopts':
      if (target.problem !== null) return failed(target.problem, t);
      return verdict('pending', null, null, attachedNow(t));
    case 'owner':
      if (target.problem !== null) return failed(target.problem, t);
      return decideOwned(t, claim.present, pending);
  }
}

function decideOwned(t: TargetInNamespace, present: ObservedSecret | null, pending: boolean) {
  const stuck =
    present !== null && findDrift(t.target, present) !== null ? whyUnwritable(present) : null;
  if (stuck !== null) {
    const detail = `The Secret ${present?.name ?? ''} cannot be changed in place: delete it, and it is made anew.`;
    return verdict('failed', stuck, detail, attachedNow(t));
  }
  return verdict(pending ? 'pending' : 'in-sync', null, null, attachedNow(t));
}

function attachedNow({ target, attachedName }: TargetInNamespace): string | null {
  const attaches = target.attach !== 'none' && target.serviceAccounts !== 'none';
  return attaches ? target.secretName : attachedName === target.secretName ? null : attachedName;
}

function concerns(change: NamespaceChange, { target }: TargetInNamespace): boolean {
  if (change.object === 'secret') return change.targetId === target.targetId;
  const mine = (edit: { targetId: string | null }) => edit.targetId === target.targetId;
  // A list that only loses a duplicate names no target: it is everybody's.
  const unnamed = change.attach.length === 0 && change.detach.length === 0;
  return unnamed || change.attach.some(mine) || change.detach.some(mine);
}

function failed(problem: { code: string; detail: string }, t: TargetInNamespace): Verdict {
  return verdict('failed', problem.code, problem.detail, t.attachedName);
}

function ignored(code: string, detail: string): Verdict {
  return verdict('ignored', code, detail, null);
}

function verdict(
  state: Verdict['state'],
  code: string | null,
  detail: string | null,
  attachedName: string | null,
): Verdict {
  return { state, code, detail, attachedName };
}
