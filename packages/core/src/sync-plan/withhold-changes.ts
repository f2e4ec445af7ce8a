/**
 * Leaves out what the cluster refuses for good (no permission, not valid), so that it is neither
 * tried without end nor taken for done. A Secret stays while a reference to it cannot be removed.
 */
import type { NamespaceChange, Reason } from './model.js';

export interface WithheldChange {
  readonly change: NamespaceChange;
  readonly reason: Reason;
}

export function withholdChanges(
  planned: readonly NamespaceChange[],
  blocked: ReadonlyMap<string, Reason>,
): { changes: readonly NamespaceChange[]; withheld: readonly WithheldChange[] } {
  if (blocked.size === 0) return { changes: planned, withheld: [] };
  const changes: NamespaceChange[] = [];
  const withheld: WithheldChange[] = [];
  const stillNamed = new Map<string, Reason>();
  // Deletions come last in a plan, so every reference that stays is known before them.
  for (const change of planned) {
    const referenced =
      change.object === 'secret' && change.action === 'delete'
        ? stillNamed.get(change.name)
        : undefined;
    const reason = blocked.get(`${change.object}/${change.name}`) ?? referenced;
    if (reason === undefined) {
      changes.push(change);
      continue;
    }
    withheld.push({ change, reason });
    if (change.object === 'service-account') {
      for (const { secretName } of change.detach) stillNamed.set(secretName, reason);
    }
  }
  return { changes, withheld };
}
