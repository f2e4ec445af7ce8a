import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyedQueue, type Priority } from './keyed-queue.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue whose work ends when the test says so. */
function controlled(lanes = 2) {
  const started: string[] = [];
  const open = new Map<string, (retryMs: number | null) => void>();
  let idle = 0;
  const queue = new KeyedQueue({
    lanes,
    onIdle: () => {
      idle += 1;
    },
    work: (key: string, priority: Priority) =>
      new Promise((resolve) => {
        started.push(`${key} ${priority}`);
        open.set(key, resolve);
      }),
  });
  const finish = async (key: string, retryMs: number | null = null) => {
    const end = open.get(key);
    open.delete(key);
    end?.(retryMs);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, started, finish, idle: () => idle };
}

describe('KeyedQueue', () => {
  it('runs a key once however often it is added while it waits', async () => {
    const { queue, started, finish } = controlled(1);
    queue.add('a', 'normal');
    queue.add('b', 'normal');
    queue.add('b', 'normal');
    await finish('a');
    await finish('b');
    expect(started).toEqual(['a normal', 'b normal']);
  });

  it('runs a key again, and never twice at once, when it is added while it runs', async () => {
    const { queue, started, finish } = controlled();
    queue.add('a', 'normal');
    queue.add('a', 'normal');
    queue.add('a', 'normal');
    expect(started).toEqual(['a normal']);
    await finish('a');
    expect(started).toEqual(['a normal', 'a normal']);
    await finish('a');
    expect(started).toHaveLength(2);
  });

  it('lets urgent keys pass while every normal lane is taken', () => {
    const { queue, started } = controlled(1);
    queue.add('bulk-1', 'normal');
    queue.add('bulk-2', 'normal');
    queue.add('new', 'urgent');
    expect(started).toEqual(['bulk-1 normal', 'new urgent']);
  });

  it('makes a waiting key urgent when it is added so', () => {
    const { queue, started } = controlled(1);
    queue.add('a', 'normal');
    queue.add('b', 'normal');
    queue.add('b', 'urgent');
    expect(started).toEqual(['a normal', 'b urgent']);
  });

  it('tries again after the time that the work asks for, or at once when added meanwhile', async () => {
    const { queue, started, finish } = controlled();
    queue.add('a', 'normal');
    await finish('a', 500);
    expect(queue.delayed).toBe(1);
    await vi.advanceTimersByTimeAsync(499);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toHaveLength(2);
    await finish('a', 500);
    queue.add('a', 'urgent');
    expect(started).toHaveLength(3);
    expect(queue.delayed).toBe(0);
  });

  it('starts nothing while it is paused, and everything after it', async () => {
    const { queue, started } = controlled();
    queue.pause(1_000);
    queue.add('a', 'normal');
    expect(started).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(started).toEqual(['a normal']);
  });

  it('says whether a pause is a new one', () => {
    const { queue } = controlled();
    expect(queue.pause(1_000)).toBe(true);
    expect(queue.pause(1_000)).toBe(false);
    queue.resume();
    expect(queue.pause(1_000)).toBe(true);
  });

  it('runs what waits for a later try at once when there is no reason to wait any more', async () => {
    const { queue, started, finish } = controlled();
    queue.add('a', 'urgent');
    await finish('a', 60_000);
    queue.pause(60_000);
    queue.hurry();
    expect(started).toEqual(['a urgent', 'a urgent']);
    expect(queue.delayed).toBe(0);
  });

  it('says when nothing waits and nothing runs any more', async () => {
    const { queue, finish, idle } = controlled();
    queue.add('a', 'normal');
    queue.add('b', 'normal');
    await finish('a');
    expect(idle()).toBe(0);
    await finish('b');
    expect(idle()).toBe(1);
  });

  it('goes on after work that fails unexpectedly', async () => {
    let calls = 0;
    const queue = new KeyedQueue({
      onIdle: () => undefined,
      work: () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('defect')) : Promise.resolve(null);
      },
    });
    queue.add('a', 'normal');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls).toBe(2);
    expect(queue.isIdle).toBe(true);
  });

  it('starts nothing after it was closed', async () => {
    const { queue, started, finish } = controlled();
    queue.add('a', 'normal');
    queue.add('a', 'normal');
    queue.close();
    await finish('a', 10);
    await vi.advanceTimersByTimeAsync(100);
    expect(started).toEqual(['a normal']);
  });
});
