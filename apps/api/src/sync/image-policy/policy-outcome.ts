/** What a failed write of a policy means for its state, and when to try again. */

import { classifyFailure } from '../change-outcome.js';
import { retryDelayMs } from '../retry-delay.js';
import type { ImagePolicyStatus } from '../sync-model.js';
import { ForeignPolicy } from './policy-writer.js';

export interface PolicyProblem {
  readonly state: Extract<ImagePolicyStatus['state'], 'pending' | 'failed' | 'conflict'>;
  readonly code: string | null;
  readonly detail: string | null;
  readonly retryMs: number;
}

/** Nothing tells us when somebody else's object goes away, or a permission comes. */
const RECHECK_MS = 15_000;
const SOON_MS = 100;

export function problemOf(error: unknown): PolicyProblem {
  if (error instanceof ForeignPolicy) {
    const detail = error.message;
    return { state: 'conflict', code: 'policy.foreign', detail, retryMs: RECHECK_MS };
  }
  const failure = classifyFailure(error);
  switch (failure.kind) {
    case 'look-again':
    case 'moot':
      return { state: 'pending', code: null, detail: null, retryMs: SOON_MS };
    case 'later':
    case 'cluster': {
      const afterMs = failure.kind === 'later' ? failure.afterMs : null;
      return { state: 'pending', ...failure.reason, retryMs: afterMs ?? retryDelayMs(6) };
    }
    case 'refused':
      return { state: 'failed', ...describeRefusal(failure.reason), retryMs: RECHECK_MS };
  }
}

function describeRefusal(reason: { readonly code: string; readonly detail: string }) {
  if (reason.code !== 'cluster.forbidden') return reason;
  return {
    code: 'policy.forbidden',
    detail:
      'Our account may not read or write admission policies in this cluster. Apply the RBAC manifest that is shown under the permissions of the cluster.',
  };
}
