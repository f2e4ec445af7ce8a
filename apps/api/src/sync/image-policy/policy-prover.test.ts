import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProofOutcome } from './policy-proof.js';
import { type Claim, PolicyProver } from './policy-prover.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const obstructed: ProofOutcome = { kind: 'obstructed', code: 'x', detail: 'in the way' };

/** A claim that is answered as the test says, and how often it was asked where. */
function claim(changes: Partial<Claim> = {}) {
  const asked: string[] = [];
  let outcome: (namespace: string) => ProofOutcome = () => ({ kind: 'passed' });
  const made: Claim = {
    key: 'e whitelist',
    content: 'one',
    state: 'in-force',
    notBefore: 0,
    namespaces: () => ['a'],
    notEnforced: 'the plugin is off',
    prove: async (namespace) => {
      asked.push(namespace);
      return outcome(namespace);
    },
    ...changes,
  };
  return {
    made,
    asked,
    answer: (next: (namespace: string) => ProofOutcome) => {
      outcome = next;
    },
  };
}

/** Follows the prover's own waits for so long, as the look loop does. */
async function follow(prover: PolicyProver, made: Claim, forMs: number) {
  let last = await prover.check(made);
  for (let elapsed = 0; elapsed < forMs; ) {
    const step = Math.max(1, last.retryMs);
    await vi.advanceTimersByTimeAsync(step);
    elapsed += step;
    last = await prover.check(made);
  }
  return last;
}

describe('PolicyProver', () => {
  it('is pending until the cluster follows, and then says when it did', async () => {
    const prover = new PolicyProver();
    const { made, answer } = claim();
    expect((await prover.check(made)).verdict).toMatchObject({ state: 'pending', provenAt: null });
    answer(() => ({ kind: 'proven' }));
    const { verdict } = await follow(prover, made, 1_000);
    expect(verdict).toMatchObject({ state: 'in-force', code: null });
    expect(verdict.provenAt).toBeInstanceOf(Date);
  });

  it('asks no more often than its waits, however often it is woken', async () => {
    const prover = new PolicyProver();
    const { made, asked } = claim();
    for (let round = 0; round < 50; round += 1) await prover.check(made);
    expect(asked).toHaveLength(1);
  });

  it('asks nothing while the answer could come from what stood there before', async () => {
    const prover = new PolicyProver();
    const { made, asked, answer } = claim({ notBefore: performance.now() + 1_500 });
    answer(() => ({ kind: 'proven' }));
    const { verdict, retryMs } = await prover.check(made);
    expect([verdict.state, asked, retryMs]).toEqual(['pending', [], 1_500]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect((await prover.check(made)).verdict.state).toBe('in-force');
  });

  it('calls it failed when the cluster has not followed for fifteen seconds', async () => {
    const prover = new PolicyProver();
    const { made } = claim();
    expect((await follow(prover, made, 14_000)).verdict.state).toBe('pending');
    expect((await follow(prover, made, 2_000)).verdict).toMatchObject({
      state: 'failed',
      code: 'policy.not-enforced',
      detail: 'the plugin is off',
    });
  });

  it('proves anew what changed, and from time to time what did not', async () => {
    const prover = new PolicyProver();
    const { made, asked, answer } = claim();
    answer(() => ({ kind: 'proven' }));
    const { retryMs } = await prover.check(made);
    expect(retryMs).toBeGreaterThan(5 * 60_000);
    await prover.check({ ...made, content: 'two' });
    expect(asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(retryMs + 1);
    await prover.check({ ...made, content: 'two' });
    expect(asked).toHaveLength(3);
  });

  it('does not go on calling in force what the cluster stopped following', async () => {
    const prover = new PolicyProver();
    const { made, answer } = claim();
    answer(() => ({ kind: 'proven' }));
    const { retryMs } = await prover.check(made);
    answer(() => ({ kind: 'passed' }));
    await vi.advanceTimersByTimeAsync(retryMs + 1);
    expect((await prover.check(made)).verdict.state).toBe('pending');
    expect((await follow(prover, made, 16_000)).verdict.state).toBe('failed');
  });

  it('keeps what is known while the cluster does not answer', async () => {
    const prover = new PolicyProver();
    const { made, answer } = claim();
    answer(() => ({ kind: 'proven' }));
    const { retryMs, verdict } = await prover.check(made);
    // Only its kind is looked at.
    answer(() => ({ kind: 'unanswered' }));
    await vi.advanceTimersByTimeAsync(retryMs + 1);
    expect((await prover.check(made)).verdict).toEqual(verdict);
  });

  it('looks elsewhere when something is in the way, and in three namespaces at most', async () => {
    const prover = new PolicyProver();
    const { made, asked, answer } = claim({ namespaces: () => ['a', 'b', 'c', 'd'] });
    answer((namespace) => (namespace === 'b' ? { kind: 'proven' } : obstructed));
    expect((await prover.check(made)).verdict.state).toBe('in-force');
    expect(asked).toEqual(['a', 'b']);
    answer(() => obstructed);
    const { verdict } = await prover.check({ ...made, content: 'two' });
    expect(verdict).toEqual({
      state: 'not-proven',
      code: 'x',
      detail: 'in the way',
      provenAt: null,
    });
    expect(asked.slice(2)).toEqual(['a', 'b', 'c']);
  });

  it('waits for a namespace and asks as soon as there is one', async () => {
    const prover = new PolicyProver();
    const { made, answer } = claim({ namespaces: () => [] });
    answer(() => ({ kind: 'proven' }));
    expect((await prover.check(made)).verdict).toMatchObject({
      state: 'not-proven',
      code: 'policy.no-namespace',
    });
    expect((await prover.check({ ...made, namespaces: () => ['a'] })).verdict.state).toBe(
      'in-force',
    );
  });

  it('forgets what is no longer claimed', async () => {
    const prover = new PolicyProver();
    const { made, asked, answer } = claim();
    answer(() => ({ kind: 'proven' }));
    await prover.check(made);
    prover.retain(new Set());
    await prover.check(made);
    expect(asked).toHaveLength(2);
  });
});
