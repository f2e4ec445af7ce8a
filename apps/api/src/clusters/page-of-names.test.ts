import { describe, expect, it } from 'vitest';
import { pageOfNames } from './page-of-names.js';

const all = ['b', 'a', 'd', 'c'].map((name) => ({ name }));
const names = (page: { items: { name: string }[] }) => page.items.map((item) => item.name);

describe('pageOfNames', () => {
  it('walks through everything once, in both directions', () => {
    for (const [sort, expected] of [
      ['name', ['a', 'b', 'c', 'd']],
      ['-name', ['d', 'c', 'b', 'a']],
    ] as const) {
      const first = pageOfNames(all, { limit: 3, sort });
      const second = pageOfNames(all, { limit: 3, sort, cursor: first.nextCursor ?? '' });
      expect([...names(first), ...names(second)]).toEqual(expected);
      expect([first.total, second.nextCursor]).toEqual([4, null]);
    }
  });

  it('filters by a part of the name', () => {
    expect(names(pageOfNames(all, { limit: 10, q: 'C' }))).toEqual(['c']);
  });

  it('refuses a cursor that it did not make', () => {
    expect(() => pageOfNames(all, { limit: 10, cursor: 'bm9uc2Vuc2U' })).toThrow('request.invalid');
  });
});
