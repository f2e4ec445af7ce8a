import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeaseLost } from './lease.js';
import { type ProgressBatch, ProgressLog } from './progress.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const inSync = {
  state: 'in-sync',
  code: null,
  detail: null,
  attachedName: 's',
  contentHash: 'h',
} as const;
const pending = { ...inSync, state: 'pending' } as const;

function recording(fail: () => Error | null = () => null) {
  const saved: ProgressBatch[] = [];
  const log = new ProgressLog((batch) => {
    const error = fail();
    if (error !== null) return Promise.reject(error);
    saved.push(batch);
    return Promise.resolve();
  });
  return { log, saved, tick: () => vi.advanceTimersByTimeAsync(250) };
}

describe('ProgressLog', () => {
  it('writes many changes of a moment as one batch, each row with its last state', async () => {
    const { log, saved, tick } = recording();
    for (const namespace of ['a', 'b']) {
      log.record('t', namespace, pending);
      log.record('t', namespace, inSync);
    }
    await tick();
    expect(saved).toHaveLength(1);
    expect(saved[0]?.rows.map((row) => [row.namespace, row.state])).toEqual([
      ['a', 'in-sync'],
      ['b', 'in-sync'],
    ]);
  });

  it('writes nothing that the database has already', async () => {
    const { log, saved, tick } = recording();
    log.restore([{ targetId: 't', namespace: 'a', ...inSync }]);
    expect(log.record('t', 'a', inSync)).toBe(false);
    expect(log.record('t', 'b', null)).toBe(false);
    await tick();
    expect(saved).toEqual([]);
  });

  it('removes the row of what is not to be said any more', async () => {
    const { log, saved, tick } = recording();
    log.restore([{ targetId: 't', namespace: 'a', ...inSync }]);
    log.record('t', 'a', null);
    await tick();
    expect(saved[0]?.removed).toEqual([{ targetId: 't', namespace: 'a' }]);
    expect(log.namespacesOf('t')).toEqual([]);
  });

  it('keeps what could not be written and writes it with what has changed meanwhile', async () => {
    let down = true;
    const { log, saved, tick } = recording(() => (down ? new Error('no database') : null));
    log.record('t', 'a', pending);
    await tick();
    log.record('t', 'a', inSync);
    log.record('t', 'b', inSync);
    down = false;
    await tick();
    expect(
      saved.flatMap((batch) => batch.rows.map((row) => `${row.namespace} ${row.state}`)),
    ).toEqual(['a in-sync', 'b in-sync']);
  });

  it('stops writing when the cluster is somebody else’s', async () => {
    const { log, saved, tick } = recording(() => new LeaseLost('gone'));
    log.record('t', 'a', pending);
    await tick();
    await tick();
    expect(saved).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('explains only what still waits', () => {
    const { log } = recording();
    log.record('t', 'a', inSync);
    log.explain('t', 'a', { code: 'cluster.timeout', detail: 'x' });
    expect(log.record('t', 'a', inSync)).toBe(false);
  });
});
