import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFreeName, isReservedName, nameFromDisplayName } from './environment-name.js';

const NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

describe('nameFromDisplayName', () => {
  it('always gives a valid name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (text) =>
          NAME.test(nameFromDisplayName(text)) && !isReservedName(nameFromDisplayName(text)),
      ),
    );
  });

  it.each([
    ['Équipe Été', 'equipe-ete'],
    ['  Team A ', 'team-a'],
    ['42', 'environment'],
    ['9 lives', 'lives'],
    ['生产', 'environment'],
    ['deadbeef-0000-4000-8000-000000000000', 'environment'],
  ])('"%s" → %s', (text, name) => {
    expect(nameFromDisplayName(text)).toBe(name);
  });
});

describe('firstFreeName', () => {
  it('counts up until a name is free, within the length', () => {
    const long = 'a'.repeat(40);
    expect(firstFreeName('x', new Set(['x', 'x-2']))).toBe('x-3');
    expect(firstFreeName(long, new Set([long]))).toBe(`${'a'.repeat(38)}-2`);
  });
});
