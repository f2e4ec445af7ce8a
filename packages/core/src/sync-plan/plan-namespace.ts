/**
 * Desired × observed → the exact changes in one namespace, and what to say about each target.
 *
 * Order: Secrets are written before service accounts name them, and no service account names a
 * Secret any more when it is deleted. Applying the plan and planning again gives no change.
 * Only Secrets with our marks and our own entries in service accounts are ever part of a change;
 * the one exception is a foreign Secret that people chose to adopt.
 *
 * Does not handle node config, nor how a change is made and retried.
 */
import { compareText } from '../compare-text.js';
import { type Claim, claimSecretNames } from './claim-secret-names.js';
import {
  type NamespaceChange,
  type NamespacePlan,
  type NamespaceView,
  type ObservedSecret,
  PULL_SECRET_TYPE,
  type SecretDelete,
  type SecretWrite,
  type TargetInNamespace,
} from './model.js';
import { planServiceAccounts } from './plan-service-accounts.js';
import { findDrift, whyUnwritable } from './secret-drift.js';
import { decideVerdict } from './verdict.js';
import { withholdChanges } from './withhold-changes.js';

export function planNamespace(given: NamespaceView): NamespacePlan {
  const view = { ...given, targets: given.targets.map((t) => withBlockedSecret(t, given)) };
  const claims = claimSecretNames(view);
  const planned = view.namespace.terminating ? [] : planChanges(view, claims);
  const { changes, withheld } = withholdChanges(planned, view.blocked);
  const verdicts = new Map(
    view.targets.map((t) => [
      t.target.targetId,
      decideVerdict(t, { view, changes, withheld, claim: claims.get(t.target.targetId) ?? null }),
    ]),
  );
  return { changes, verdicts };
}

function withBlockedSecret(t: TargetInNamespace, { blocked }: NamespaceView): TargetInNamespace {
  const problem = t.target.problem ?? blocked.get(`secret/${t.target.secretName}`) ?? null;
  return problem === t.target.problem ? t : { ...t, target: { ...t.target, problem } };
}

function planChanges(
  view: NamespaceView,
  claims: ReadonlyMap<string, Claim>,
): readonly NamespaceChange[] {
  const writes: SecretWrite[] = [];
  /** Names whose Secret is ours when the writes are done, by who keeps it. */
  const kept = new Map<string, TargetInNamespace>();
  for (const t of byId(view.targets)) {
    const claim = claims.get(t.target.targetId);
    if (claim?.kind !== 'owner' && claim?.kind !== 'adopts') continue;
    const write = planWrite(t, claim);
    if (write !== null) writes.push(write);
    if (write !== null || (claim.kind === 'owner' && isKept(t, claim.present))) {
      kept.set(t.target.secretName, t);
    }
  }
  const deletes = view.secrets
    .filter((secret) => !kept.has(secret.name) && secret.type === PULL_SECRET_TYPE)
    .toSorted((a, b) => compareText(a.name, b.name))
    .map((secret) => planDelete(secret, view));
  const removed = removedNames(view, { kept, deletes, claims });
  return [...writes, ...planServiceAccounts(view, { kept, removed }), ...deletes];
}

function byId(targets: readonly TargetInNamespace[]): readonly TargetInNamespace[] {
  return targets.toSorted((a, b) => compareText(a.target.targetId, b.target.targetId));
}

/** Unwritten content stays only within its environment: another one's logins must not linger. */
function isKept({ target }: TargetInNamespace, present: ObservedSecret | null): boolean {
  return present !== null && present.environmentId === target.environmentId;
}

function planWrite(
  { target }: TargetInNamespace,
  claim: Extract<Claim, { kind: 'owner' | 'adopts' }>,
): SecretWrite | null {
  if (target.problem !== null) return null;
  const write = {
    object: 'secret',
    name: target.secretName,
    targetId: target.targetId,
    environmentId: target.environmentId,
    contentHash: target.contentHash,
  } as const;
  if (claim.kind === 'adopts') {
    const { uid, resourceVersion } = claim.foreign;
    const reason = 'adopted';
    return { ...write, action: 'update', uid, resourceVersion, dropKeys: [], reason };
  }
  const { present } = claim;
  if (present === null) {
    const reason = 'missing';
    return { ...write, action: 'create', uid: null, resourceVersion: null, dropKeys: [], reason };
  }
  const reason = findDrift(target, present);
  if (reason === null || whyUnwritable(present) !== null) return null;
  const { uid, resourceVersion, extraKeys } = present;
  return { ...write, action: 'update', uid, resourceVersion, dropKeys: extraKeys, reason };
}

function planDelete(secret: ObservedSecret, view: NamespaceView): SecretDelete {
  const owner = ownerOf(secret, view);
  return {
    object: 'secret',
    action: 'delete',
    name: secret.name,
    targetId: owner?.target.targetId ?? null,
    uid: secret.uid,
    reason: whyUnwanted(secret, view, owner),
  };
}

function ownerOf(secret: ObservedSecret, view: NamespaceView): TargetInNamespace | null {
  return view.targets.find((t) => t.target.targetId === secret.targetId) ?? null;
}

function whyUnwanted(
  secret: ObservedSecret,
  { namespace }: NamespaceView,
  owner: TargetInNamespace | null,
): string {
  if (owner === null) return 'belongs to no target';
  if (owner.target.state === 'removing') return 'target is being removed';
  if (namespace.ignored) return 'namespace opted out';
  if (!owner.selected) return 'namespace is not selected';
  return owner.target.secretName === secret.name ? 'not wanted' : 'renamed';
}

interface Removal {
  readonly kept: ReadonlyMap<string, TargetInNamespace>;
  readonly deletes: readonly SecretDelete[];
  readonly claims: ReadonlyMap<string, Claim>;
}

/** Names whose entries in service accounts are ours and must go, with the target they were for. */
function removedNames(view: NamespaceView, { kept, deletes, claims }: Removal) {
  const removed = new Map<string, { targetId: string | null; reason: string }>();
  for (const { name, targetId, reason } of deletes) removed.set(name, { targetId, reason });
  const stillHere = new Set(view.secrets.map((secret) => secret.name));
  for (const { target, attachedName } of byId(view.targets)) {
    if (attachedName === null || kept.has(attachedName) || removed.has(attachedName)) continue;
    // Of that name there is a Secret of somebody else now: the entry may be theirs.
    if (view.foreignSecrets.has(attachedName) || stillHere.has(attachedName)) continue;
    // Only waits for its first write.
    if (claims.has(target.targetId) && attachedName === target.secretName) continue;
    removed.set(attachedName, { targetId: target.targetId, reason: 'no longer wanted' });
  }
  return removed;
}
