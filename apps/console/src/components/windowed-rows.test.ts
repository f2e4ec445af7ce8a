import { describe, expect, it } from 'vitest';
import { windowOf } from './windowed-rows';

describe('windowOf', () => {
  it.each([0, 1, 5_000, 329_999, 660_000])(
    'draws a few dozen of 20,000 rows, wherever one looks (scrolled to %d)',
    (top) => {
      const { start, end } = windowOf(20_000, 600, top);
      expect(end - start).toBeLessThan(60);
    },
  );

  it('keeps the height of the rows that are not drawn', () => {
    const whole = windowOf(20_000, 600, 0);
    for (const top of [0, 100, 123_456, 659_000]) {
      const { start, end, before, after } = windowOf(20_000, 600, top);
      const rowHeight = whole.after / (20_000 - whole.end);
      expect(before + (end - start) * rowHeight + after).toBe(20_000 * rowHeight);
    }
  });

  it('ends where the rows end', () => {
    const { end, after } = windowOf(20_000, 600, 20_000 * 33);
    expect([end, after]).toEqual([20_000, 0]);
    expect(windowOf(0, 600, 0)).toEqual({ start: 0, end: 0, before: 0, after: 0 });
  });
});
