/**
 * Keeps asking whether what was written is in force: often until it is, seldom after that. One dry
 * run per look at most, so that whatever else is to be done does not wait for it.
 */
import type { ImagePolicyStatus } from '../sync-model.js';
import type { ProofOutcome } from './policy-proof.js';

/** The API server takes policies up once a second; the first tries find the lucky ones. */
const FIRST_RETRY_MS = 50;
const RETRY_MS = 500;
/** After this "not yet" becomes "not": fifteen of the API server's refreshes. */
const PATIENCE_MS = 15_000;
/** What is not in force by then waits for somebody to do something. */
const STUCK_RETRY_MS = 30_000;
/** How old a proof may get. Each is a request that the API server counts as a refusal. */
const REPROVE_MS = 10 * 60_000;
/** More would be many requests for one answer; fewer, and one odd namespace decides. */
const MAX_NAMESPACES = 3;

export interface Claim {
  /** Environment and half. */
  readonly key: string;
  /** Changes whenever what is to be proven does. */
  readonly content: string;
  readonly state: 'in-force' | 'warns';
  /** An answer from before this moment (`performance.now()`) would prove nothing. */
  readonly notBefore: number;
  /** Where it can be shown, best first; asked only when something is to be shown. */
  readonly namespaces: () => readonly string[];
  /** What is the matter when the cluster goes on as if there were no policy. */
  readonly notEnforced: string;
  readonly prove: (namespace: string) => Promise<ProofOutcome>;
}

export type Verdict = Pick<ImagePolicyStatus, 'state' | 'code' | 'detail' | 'provenAt'>;

export interface Proof {
  readonly verdict: Verdict;
  readonly retryMs: number;
}

interface Kept {
  readonly content: string;
  readonly since: number;
  readonly attempts: number;
  readonly nextAt: number;
  readonly verdict: Verdict;
}

const PROVING: Verdict = {
  state: 'pending',
  code: 'policy.proving',
  detail: 'Written; the cluster has not been seen to follow it yet.',
  provenAt: null,
};
const NO_NAMESPACE: Verdict = {
  state: 'not-proven',
  code: 'policy.no-namespace',
  detail: 'Written; no namespace that the targets select exists yet in which it could be shown.',
  provenAt: null,
};

export class PolicyProver {
  readonly #kept = new Map<string, Kept>();

  /** Keeps only these. */
  retain(keys: ReadonlySet<string>): void {
    for (const key of this.#kept.keys()) if (!keys.has(key)) this.#kept.delete(key);
  }

  async check(claim: Claim): Promise<Proof> {
    const before = this.#before(claim);
    const now = performance.now();
    // A namespace may have appeared meanwhile.
    const isDue = now >= before.nextAt || before.verdict === NO_NAMESPACE;
    const kept = isDue ? await this.#attempt(claim, before) : before;
    this.#kept.set(claim.key, kept);
    return { verdict: kept.verdict, retryMs: Math.max(0, kept.nextAt - performance.now()) };
  }

  #before(claim: Claim): Kept {
    const kept = this.#kept.get(claim.key);
    if (kept?.content === claim.content) return kept;
    const now = Math.max(performance.now(), claim.notBefore);
    return { content: claim.content, since: now, attempts: 0, nextAt: now, verdict: PROVING };
  }

  async #attempt(claim: Claim, before: Kept): Promise<Kept> {
    const outcome = await firstAnswer(claim);
    const now = performance.now();
    if (outcome === null) return { ...before, nextAt: now + STUCK_RETRY_MS, verdict: NO_NAMESPACE };
    if (outcome.kind === 'proven') {
      const verdict = { state: claim.state, code: null, detail: null, provenAt: new Date() };
      return { ...before, since: now, attempts: 0, nextAt: now + REPROVE_MS, verdict };
    }
    // It was in force and is not any more: patience begins anew.
    const since = before.verdict.state === claim.state ? now : before.since;
    const isLate = now - since >= PATIENCE_MS;
    const attempts = before.attempts + 1;
    const waitMs = isLate ? STUCK_RETRY_MS : Math.min(RETRY_MS, FIRST_RETRY_MS * 2 ** attempts);
    const verdict = verdictOf(outcome, { claim, isLate, before: before.verdict });
    return { ...before, since, attempts, nextAt: now + waitMs, verdict };
  }
}

async function firstAnswer(claim: Claim): Promise<Exclude<ProofOutcome, null> | null> {
  let last: ProofOutcome | null = null;
  for (const namespace of claim.namespaces().slice(0, MAX_NAMESPACES)) {
    last = await claim.prove(namespace);
    if (last.kind !== 'obstructed') return last;
  }
  return last;
}

function verdictOf(
  outcome: Exclude<ProofOutcome, { kind: 'proven' }>,
  { claim, isLate, before }: { claim: Claim; isLate: boolean; before: Verdict },
): Verdict {
  switch (outcome.kind) {
    case 'obstructed':
      return { state: 'not-proven', code: outcome.code, detail: outcome.detail, provenAt: null };
    case 'unanswered':
      // The cluster did not answer: nothing new is known.
      return before;
    case 'passed':
      return isLate
        ? {
            state: 'failed',
            code: 'policy.not-enforced',
            detail: claim.notEnforced,
            provenAt: null,
          }
        : PROVING;
  }
}
