import { afterEach, describe, expect, it } from 'vitest';
import type { Question } from './compute-worker.js';
import { PoolBusy, type PoolLimits, WorkerPool } from './worker-pool.js';
import { BeyondLimits, ComputationFailed } from './worker-thread.js';

/** Answers `{wait}` after that many milliseconds of work, `{eat}` with all memory, `{fail}` with a defect. */
const PROGRAM = `
import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', ({ input }) => {
  if (input.exit) process.exit(1);
  if (input.fail) return parentPort.postMessage({ ok: false, kind: 'TypeError', stack: '    at x' });
  const kept = [];
  const until = performance.now() + (input.wait ?? 0);
  while (input.eat || performance.now() < until) if (input.eat) kept.push(new Array(1e5).fill({}));
  parentPort.postMessage({ ok: true, value: { threadId, hasSecrets: 'PATH' in process.env } });
});
parentPort.postMessage('ready');
`;
const entry = { url: new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`), execArgv: [] };
const limits: PoolLimits = {
  timeMs: 400,
  heapMb: 24,
  threads: 1,
  waiting: 2,
  waitMs: 5_000,
  idleMs: 60_000,
};

let pool: WorkerPool;
afterEach(() => pool.close());
function start(change: Partial<PoolLimits> = {}) {
  pool = new WorkerPool(entry, { ...limits, ...change });
}
interface Work {
  wait?: number;
  eat?: true;
  fail?: true;
  exit?: true;
}
const run = (input: Work = {}) =>
  pool.run({ name: 'planPull', input } satisfies Question) as Promise<{ threadId: number }>;
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('a pool', () => {
  it('answers one question after the other, in a thread that stays and sees no environment', async () => {
    start();
    const [first, second] = [await run(), await run()];
    expect(first).toEqual({ threadId: first.threadId, hasSecrets: false });
    expect(second).toEqual(first);
  });

  it('ends what takes too long, and answers the next question in another thread', async () => {
    start();
    const { threadId } = await run();
    expect(await failureOf(run({ wait: 60_000 }))).toBeInstanceOf(BeyondLimits);
    expect((await run()).threadId).not.toBe(threadId);
  });

  it('ends what takes too much memory, and goes on', async () => {
    start({ timeMs: 20_000 });
    expect(await failureOf(run({ eat: true }))).toBeInstanceOf(BeyondLimits);
    expect(await run()).toHaveProperty('threadId');
  });

  it('tells a defect as one, without ending the thread', async () => {
    start();
    const { threadId } = await run();
    expect(await failureOf(run({ fail: true }))).toBeInstanceOf(ComputationFailed);
    expect((await run()).threadId).toBe(threadId);
  });

  it('goes on after a thread has ended by itself', async () => {
    start();
    expect(await failureOf(run({ exit: true }))).toBeInstanceOf(ComputationFailed);
    expect(await run()).toHaveProperty('threadId');
  });

  it('lets a few wait and refuses more at once', async () => {
    start({ timeMs: 5_000 });
    await run();
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => failureOf(run({ wait: 50 }))),
    );
    expect(outcomes.map((outcome) => outcome instanceof PoolBusy)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('refuses who has waited too long, and serves those after', async () => {
    start({ timeMs: 5_000, waitMs: 50 });
    await run();
    const long = run({ wait: 400 });
    expect(await failureOf(run())).toBeInstanceOf(PoolBusy);
    await long;
    expect(await run()).toHaveProperty('threadId');
  });

  it('ends with all that it does and all that waits', async () => {
    start({ timeMs: 60_000 });
    await run();
    const outcomes = [failureOf(run({ wait: 60_000 })), failureOf(run())];
    await new Promise((resolve) => setTimeout(resolve, 50)); // until the first one is at work
    const late = failureOf(run());
    await pool.close();
    expect(await late).toBeInstanceOf(PoolBusy);
    expect(await Promise.all(outcomes)).toEqual([
      expect.any(ComputationFailed),
      expect.any(PoolBusy),
    ]);
    expect(await failureOf(run())).toBeInstanceOf(PoolBusy);
  });

  it('starts as many threads as it may, and none that nobody needs', async () => {
    start({ threads: 2, timeMs: 5_000, idleMs: 30 });
    const [a, b] = await Promise.all([run({ wait: 100 }), run({ wait: 100 })]);
    expect(a.threadId).not.toBe(b.threadId);
    const used = new Set([a.threadId, b.threadId]);
    await expect
      .poll(async () => used.has((await run()).threadId), { interval: 150, timeout: 5_000 })
      .toBe(false);
  });
});
