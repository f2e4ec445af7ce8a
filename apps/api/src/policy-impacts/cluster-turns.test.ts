import { describe, expect, it } from 'vitest';
import { inTurn } from './cluster-turns.js';

describe('inTurn', () => {
  // An answer is up to tens of megabytes, and an installation may have hundreds of clusters.
  it('reads four clusters at a time, and answers in their order', async () => {
    let running = 0;
    let most = 0;
    const results = await inTurn([...Array(50).keys()], async (index) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return `cluster ${index}`;
    });
    expect(most).toBe(4);
    expect(results).toEqual([...Array(50).keys()].map((index) => `cluster ${index}`));
  });

  it('begins no further one after a failure', async () => {
    const begun: number[] = [];
    const failing = inTurn([...Array(50).keys()], async (index) => {
      begun.push(index);
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error(`cluster ${index}`);
    });
    await expect(failing).rejects.toThrow('cluster 0');
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual([0, 1, 2, 3]);
  });
});
