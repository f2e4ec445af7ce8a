import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LookLoop } from './look-loop.js';
import type { NodeConfigStatus } from './sync-model.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type State = NonNullable<NodeConfigStatus['state']>;

/** `states`: what each look finds, the last one from then on. `saves`: how each save goes. */
function start(states: readonly State[], saves: readonly (() => Promise<void>)[] = []) {
  const stop = new AbortController();
  const saved: (State | null)[] = [];
  let looks = 0;
  const sync = new LookLoop<NodeConfigStatus>({
    what: 'node config',
    look: async () => {
      const state = states[Math.min(looks, states.length - 1)] ?? null;
      looks += 1;
      const statuses = [{ targetId: 'a', state, error: null }];
      return { statuses, retryMs: state === 'pending' ? 1_000 : null };
    },
    save: async ([status]) => {
      await saves[looks - 1]?.();
      saved.push(status?.state ?? null);
    },
    onDone: () => {},
    signal: stop.signal,
    log: { warn: () => {} },
  });
  return { sync, stop, saved, looks: () => looks };
}

const fails = () => Promise.reject(new Error('the database did not answer'));

describe('LookLoop', () => {
  it('writes the state down again after the database failed', async () => {
    const { sync, saved } = start(['in-sync'], [fails, fails]);
    sync.wake();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(saved).toEqual(['in-sync']);
  });

  it('ends in the newest state when writing an older one down takes long', async () => {
    const slow = Promise.withResolvers<void>();
    const { sync, saved } = start(['in-sync', 'failed'], [() => slow.promise]);
    sync.wake();
    await vi.advanceTimersByTimeAsync(0);
    sync.wake();
    await vi.advanceTimersByTimeAsync(0);
    slow.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(saved).toEqual(['in-sync', 'failed']);
  });

  it('tries once per wait however often it was woken while something is in the way', async () => {
    const { sync, looks } = start(['pending']);
    for (let round = 0; round < 10; round += 1) {
      sync.wake();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(looks()).toBe(10);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(looks()).toBe(15);
  });

  it('does nothing more once it is stopped', async () => {
    const { sync, stop, looks } = start(['pending']);
    sync.wake();
    await vi.advanceTimersByTimeAsync(0);
    stop.abort();
    sync.wake();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(looks()).toBe(1);
  });
});
