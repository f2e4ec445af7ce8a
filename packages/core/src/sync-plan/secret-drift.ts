/** Whether a Secret of ours is as it should be, and whether it can be made so in place. */
import { type DesiredTarget, type ObservedSecret, PULL_SECRET_TYPE } from './model.js';

/** What is wrong with a Secret of ours; null when nothing is. */
export function findDrift(
  target: Pick<DesiredTarget, 'targetId' | 'environmentId' | 'contentHash'>,
  present: ObservedSecret,
): string | null {
  if (present.type !== PULL_SECRET_TYPE) return 'type differs';
  if (present.digest !== target.contentHash) {
    // Our annotation tells who changed it: it follows our own writes and nobody else's.
    return present.digest === present.contentHash ? 'content changed' : 'edited by somebody else';
  }
  if (present.extraKeys.length > 0) return 'edited by somebody else';
  const marked =
    present.contentHash === target.contentHash &&
    present.environmentId === target.environmentId &&
    present.targetId === target.targetId;
  return marked ? null : 'marks differ';
}

/** Kubernetes lets nobody change these in place, and we never delete to create again. */
export function whyUnwritable(present: ObservedSecret): string | null {
  if (present.type !== PULL_SECRET_TYPE) return 'secret.type-differs';
  return present.immutable ? 'secret.immutable' : null;
}
