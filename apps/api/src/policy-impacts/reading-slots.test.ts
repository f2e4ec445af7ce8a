import { describe, expect, it } from 'vitest';
import { ReadingSlots } from './reading-slots.js';

/** Work that ends when it is told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { promise, end: () => resolve('done') };
}

describe('ReadingSlots', () => {
  it('lets some work at a time, some wait in order, and sends the rest away', async () => {
    const slots = new ReadingSlots({ atOnce: 1, waiting: 1 });
    const [first, second] = [held(), held()];
    const started: string[] = [];
    const run = (name: string, work: Promise<string>) =>
      slots.use(() => {
        started.push(name);
        return work;
      });
    const running = run('first', first.promise);
    const waiting = run('second', second.promise);
    await expect(run('third', first.promise)).rejects.toMatchObject({
      code: 'request.rate-limited',
      extra: { members: { retryAfterSeconds: 10 } },
    });
    expect(started).toEqual(['first']);
    first.end();
    await running;
    second.end();
    await waiting;
    expect(started).toEqual(['first', 'second']);
  });

  it('gives the slot back when the work fails', async () => {
    const slots = new ReadingSlots({ atOnce: 1, waiting: 0 });
    const failing = slots.use(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await slots.use(() => Promise.resolve('again'))).toBe('again');
  });
});
