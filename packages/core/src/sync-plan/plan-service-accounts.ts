/** One change per service account at most: everything to attach and detach in a single list. */
import { compareText } from '../compare-text.js';
import type {
  DesiredTarget,
  ListEdit,
  NamespaceView,
  ObservedServiceAccount,
  ServiceAccountChange,
  TargetInNamespace,
} from './model.js';
import { editPullSecretList } from './pull-secret-list.js';

export interface SecretNames {
  /** Secrets that are ours and stay, by name. */
  readonly kept: ReadonlyMap<string, TargetInNamespace>;
  readonly removed: ReadonlyMap<string, { targetId: string | null; reason: string }>;
}

export function planServiceAccounts(
  view: NamespaceView,
  names: SecretNames,
): readonly ServiceAccountChange[] {
  return view.serviceAccounts
    .filter((account) => !account.terminating)
    .toSorted((a, b) => compareText(a.name, b.name))
    .flatMap((account) => planServiceAccount(account, names) ?? []);
}

function planServiceAccount(
  account: ObservedServiceAccount,
  names: SecretNames,
): ServiceAccountChange | null {
  const wanted = [...names.kept].filter(
    ([, { target }]) => !account.ignored && attachesTo(target, account.name),
  );
  const detach = findDetachments(account, names);
  const list = editPullSecretList(account.imagePullSecrets, {
    add: new Set(wanted.map(([secretName]) => secretName)),
    remove: new Set(detach.map((edit) => edit.secretName)),
  });
  if (list === account.imagePullSecrets) return null;
  const attach = wanted
    .filter(([secretName]) => !account.imagePullSecrets.includes(secretName))
    .map(([secretName, { target }]) => {
      return { secretName, targetId: target.targetId, reason: 'not named yet' };
    });
  const { name, uid, resourceVersion } = account;
  const base = { object: 'service-account', action: 'update', name, uid, resourceVersion } as const;
  return { ...base, imagePullSecrets: list, attach: sorted(attach), detach: sorted(detach) };
}

function findDetachments(
  account: ObservedServiceAccount,
  { kept, removed }: SecretNames,
): readonly ListEdit[] {
  const reason = account.ignored ? 'service account opted out' : 'service account not selected';
  const unwanted = [...kept]
    .filter(([, { target }]) => account.ignored || !attachesTo(target, account.name))
    .map(([secretName, { target }]) => ({ secretName, targetId: target.targetId, reason }));
  const gone = [...removed].map(([secretName, why]) => ({ secretName, ...why }));
  return [...unwanted, ...gone].filter((edit) =>
    account.imagePullSecrets.includes(edit.secretName),
  );
}

function sorted(edits: readonly ListEdit[]): readonly ListEdit[] {
  return edits.toSorted((a, b) => compareText(a.secretName, b.secretName));
}

export function attachesTo(target: DesiredTarget, serviceAccount: string): boolean {
  if (target.attach === 'none' || target.state !== 'active') return false;
  switch (target.serviceAccounts) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'default':
      return serviceAccount === 'default';
    default:
      return target.serviceAccounts.includes(serviceAccount);
  }
}
