import { describe, expect, test } from 'vitest';
import { writtenOutSize } from './rewrite-size.js';

describe('the size of a pattern', () => {
  test.each([
    ['', 0],
    ['^abc$', 5],
    ['a{5}b', 6],
    ['a{2,5}', 5],
    ['a{5,}', 5],
    ['a{0}b', 1],
    ['(ab){10}', 20],
    ['((ab){10}c){10}', 210],
    ['x(ab){10}y', 22],
    ['[a-z]{63}', 63],
    ['[]{9}]{10}', 10],
    ['[[:alpha:])]{10}', 10],
    ['\\){10}', 10],
    ['(\\Q)\\E){10}', 50],
    ['{{5}', 5],
    ['a{,5}', 5],
  ])('%j is %i', (pattern, size) => {
    expect(writtenOutSize(pattern)).toBe(size);
  });

  test('is found in no time, whatever the pattern is', () => {
    const before = performance.now();
    for (const part of ['[', '(', '\\Q', '{1', '[[:', 'a{1000}']) writtenOutSize(part.repeat(1024));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
