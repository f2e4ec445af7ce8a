import { describe, expect, it } from 'vitest';
import { TooManyObjects, upTo } from './bounded-reading.js';

describe('upTo', () => {
  // A cluster may list without end, and every object leaves something behind.
  it('ends a reading that goes on and on', () => {
    const taken: number[] = [];
    const take = upTo<number>(3, (object) => taken.push(object));
    for (const object of [1, 2, 3]) take(object);
    expect(() => take(4)).toThrow(TooManyObjects);
    expect(() => take(5)).toThrow('more than 3 objects');
    expect(taken).toEqual([1, 2, 3]);
  });
});
