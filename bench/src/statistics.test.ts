import { expect, test } from 'vitest';
import { formatSpread, median, percentile } from './statistics.js';

test.each([
  [[3], 3],
  [[1, 2], 1.5],
  [[9, 1, 5], 5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('a percentile lies between the two nearest ranks', () => {
  expect(percentile([0, 10, 20, 30, 40], 0.99)).toBeCloseTo(39.6);
  expect(percentile([7, 1], 0)).toBe(1);
});

test('nothing has no median', () => {
  expect(median([])).toBeNaN();
});

test('a spread shows median, least and greatest', () => {
  expect(formatSpread([2, 1, 3], 1)).toBe('2.0 (1.0–3.0)');
});
