import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { environmentNameFrom, parseEnvironmentName } from './resource-name.js';

const uuid = '01234567-89ab-cdef-0123-456789abcdef';

describe('environmentNameFrom', () => {
  it.each<[string, string]>([
    ['Production', 'production'],
    ['  Team A / Staging!  ', 'team-a-staging'],
    ['Büro Zürich', 'buro-zurich'],
    ['é́tude', 'etude'],
    ['ﬁne', 'fine'],
    ['--x--', 'x'],
    ['123', '123'],
    ['a'.repeat(60), 'a'.repeat(40)],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
    [uuid, `env-${uuid}`],
  ])('makes of %j %s', (text, name) => {
    expect(environmentNameFrom(text)).toBe(name);
  });

  it('names a text without Latin letters by its hash, stably and differently', () => {
    expect(environmentNameFrom('开发')).toMatch(/^env-[0-9a-f]{8}$/);
    expect(environmentNameFrom('开发')).toBe(environmentNameFrom('开发'));
    expect(environmentNameFrom('开发')).not.toBe(environmentNameFrom('生产'));
    expect(environmentNameFrom('')).toMatch(/^env-[0-9a-f]{8}$/);
  });

  it('makes a valid name of any text and keeps a valid name', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
        (text) => {
          const name = environmentNameFrom(text);
          expect(parseEnvironmentName(name)).toEqual({ ok: true, value: name });
          expect(environmentNameFrom(name)).toBe(name);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('parseEnvironmentName', () => {
  it.each<[string, string, string | undefined]>([
    ['', 'environment-name.empty', undefined],
    ['a'.repeat(41), 'environment-name.too-long', 'a'.repeat(40)],
    ['Team A', 'environment-name.not-a-label', 'team-a'],
    ['-a', 'environment-name.not-a-label', 'a'],
    ['a.b', 'environment-name.not-a-label', 'a-b'],
    ['a\n', 'environment-name.not-a-label', 'a'],
    [uuid, 'environment-name.looks-like-id', `env-${uuid}`],
  ])('refuses %j', (text, code, suggestion) => {
    const parsed = parseEnvironmentName(text);
    expect(parsed.ok ? 'accepted' : parsed.error.code).toBe(code);
    expect(parsed.ok ? undefined : parsed.error.suggestion).toBe(suggestion);
  });
});
