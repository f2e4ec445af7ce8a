import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter, LineTooLongError } from './line-splitter.js';

test('lines come out whole, however the bytes are cut', () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 20 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 17 })),
      (lines, sizes) => {
        const out: string[] = [];
        const splitter = new LineSplitter(10_000, (text) => out.push(text));
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        for (let at = 0; at < bytes.length; ) {
          const size = sizes.next().value ?? 1;
          splitter.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(out).toEqual(lines.map((text) => Buffer.from(text).toString('utf8')));
      },
    ),
  );
});

test('empty lines are skipped and an unfinished one is held', () => {
  const out: string[] = [];
  const splitter = new LineSplitter(10, (text) => out.push(text));
  splitter.push(Buffer.from('\n\na\n\nb'));
  expect(out).toEqual(['a']);
});

test('a line above the limit is refused, whole or in parts', () => {
  const whole = new LineSplitter(4, () => {});
  expect(() => whole.push(Buffer.from('abcde\n'))).toThrow(LineTooLongError);
  const parts = new LineSplitter(4, () => {});
  parts.push(Buffer.from('abc'));
  expect(() => parts.push(Buffer.from('de'))).toThrow(LineTooLongError);
});
