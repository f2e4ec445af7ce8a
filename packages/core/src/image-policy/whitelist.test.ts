import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseImageReference } from '../image-reference.js';
import { entryCovers, formatPolicyEntry, type PolicyEntry } from './policy-entry.js';
import {
  formatWhitelist,
  intersectWhitelists,
  parseDefaultRegistry,
  parseWhitelist,
  whitelistMaxEntries,
} from './whitelist.js';

const canonical = (text: string): string => {
  const parsed = parseWhitelist(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return formatWhitelist(parsed.value);
};

const covers = (entry: PolicyEntry, image: string): boolean => {
  const parsed = parseImageReference(image);
  return parsed.ok && entryCovers(entry, parsed.value);
};

describe('parseWhitelist', () => {
  it('an empty text is off', () => {
    expect(parseWhitelist('')).toEqual({ ok: true, value: null });
    expect(parseWhitelist(' \n')).toEqual({ ok: true, value: null });
    expect(formatWhitelist(null)).toBe('');
  });

  it.each([
    ['ghcr.io,quay.io', 'ghcr.io,quay.io'],
    [' ghcr.io , quay.io ,, ', 'ghcr.io,quay.io'],
    ['ghcr.io,\nquay.io,', 'ghcr.io,quay.io'],
    ['ghcr.io,GHCR.io,ghcr.io/', 'ghcr.io'],
    ['index.docker.io,registry-1.docker.io,docker.io,registry.hub.docker.com', 'docker.io'],
    ['https://reg.corp:5000/', 'reg.corp:5000'],
    ['index.docker.io/team', 'docker.io/team'],
    ['reg.corp/v2', 'reg.corp/v2'],
    ['ghcr.io/org/,ghcr.io', 'ghcr.io/org,ghcr.io'],
    ['[0:0::1]:5000', '[::1]:5000'],
  ])('%j becomes %j', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    ['ghcr.io,harbor', 1, 'harbor', 'address.no-dot'],
    ['ghcr.io quay.io', 0, 'ghcr.io quay.io', 'entry.blank-inside'],
    ['a.b,*.corp', 1, '*.corp', 'address.wildcard'],
    ['ghcr.io/org/*', 0, 'ghcr.io/org/*', 'scope.wildcard'],
    ['ghcr.io/Org', 0, 'ghcr.io/Org', 'scope.upper-case'],
    ['ghcr.io/org/app:1', 0, 'ghcr.io/org/app:1', 'scope.has-tag'],
    ['https://reg.corp/v2/', 0, 'https://reg.corp/v2/', 'entry.api-path'],
    ['https://index.docker.io/v1/', 0, 'https://index.docker.io/v1/', 'entry.api-path'],
    ['ftp://reg.corp', 0, 'ftp://reg.corp', 'address.bad-scheme'],
  ])('%j is refused, naming entry %i', (text, position, entry, code) => {
    expect(parseWhitelist(text)).toMatchObject({ ok: false, error: [{ position, entry, code }] });
  });

  it('a default registry is one, not a list', () => {
    expect(parseDefaultRegistry('a.io,b.io')).toMatchObject({
      error: { code: 'entry.several', suggestion: 'a.io' },
    });
  });

  it('every wrong entry is reported', () => {
    const parsed = parseWhitelist('harbor, ghcr.io, *');
    expect(parsed.ok ? [] : parsed.error.map(({ position }) => position)).toEqual([0, 2]);
  });

  it('only commas are refused and not taken for off', () => {
    expect(parseWhitelist(' , ,')).toMatchObject({ error: [{ code: 'whitelist.only-commas' }] });
  });

  it('a pasted password is not repeated', () => {
    expect(JSON.stringify(parseWhitelist('https://me:hunter2@reg.corp'))).not.toContain('hunter2');
  });

  it('more entries than the API server can check are refused', () => {
    const text = Array.from({ length: whitelistMaxEntries + 1 }, (_, n) => `r${n}.io`).join(',');
    expect(parseWhitelist(text)).toMatchObject({ error: [{ code: 'whitelist.too-long' }] });
  });

  it('what was formatted parses to the same', () => {
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 6 }), (list) => {
        const text = formatWhitelist(list);
        expect(canonical(text)).toBe([...new Set(text.split(','))].join(','));
      }),
    );
  });
});

describe('an entry', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['reg.io', 'reg.io/x', true],
    ['reg.io', 'reg.io.evil.com/x', false],
    ['reg.io', 'reg.io:443/x', false],
    ['reg.io', 'REG.io/x', false],
    ['reg.io', 'x', false],
    ['docker.io', 'nginx', true],
    ['docker.io', 'registry-1.docker.io/x', true],
    ['docker.io/library', 'nginx', true],
    ['docker.io/library', 'registry-1.docker.io/nginx', false],
    ['docker.io/nginx', 'nginx', false],
    ['ghcr.io/org', 'ghcr.io/org', true],
    ['ghcr.io/org', 'ghcr.io/org/app@sha256:'.concat('a'.repeat(64)), true],
    ['ghcr.io/org', 'ghcr.io/organic/app', false],
  ];
  it.each(cases)('%s covers %s: %s', (text, image, expected) => {
    const parsed = parseDefaultRegistry(text);
    if (!parsed.ok || parsed.value === null) throw new Error(text);
    expect(covers(parsed.value, image)).toBe(expected);
  });
});

describe('intersectWhitelists', () => {
  it('allows exactly what both allow', () => {
    const lists = fc.array(entries, { maxLength: 5 });
    const image = entries.map((entry) => `${formatPolicyEntry(entry)}/app`);
    fc.assert(
      fc.property(lists, lists, image, (a, b, name) => {
        const allows = (list: readonly PolicyEntry[]) => list.some((entry) => covers(entry, name));
        expect(allows(intersectWhitelists(a, b))).toBe(allows(a) && allows(b));
      }),
      { numRuns: 2_000 },
    );
  });
});

const entries: fc.Arbitrary<PolicyEntry> = fc.record({
  registry: fc.constantFrom('docker.io', 'ghcr.io', 'reg.corp:5000'),
  path: fc
    .array(fc.constantFrom('org', 'team', 'organic', 'x'), { maxLength: 3 })
    .map((parts) => parts.join('/')),
});
