import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildNamespaceSelector, coversEveryNamespace, matchesGlob } from './namespace-selector.js';

const everything = { include: ['*'], exclude: [], matchLabels: {} };

describe('coversEveryNamespace', () => {
  it.each([
    [['*'], true],
    [['team-a', '**'], true],
    [[], false],
    [['team-*', '*-prod'], false],
    [['?*'], false],
  ])('%j: %s', (globs, expected) => {
    expect(coversEveryNamespace(globs)).toBe(expected);
  });
});

describe('matchesGlob', () => {
  it.each([
    ['*', 'team-a', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['team-a', 'team-a', true],
    ['team-a', 'team-ab', false],
    ['team-*', 'team-', true],
    ['team-*', 'team-a', true],
    ['team-*', 'xteam-a', false],
    ['*-prod', 'a-prod', true],
    ['*-prod', 'a-prod-b', false],
    ['*a*b', 'xaybzb', true],
    ['*a*b', 'xaybz', false],
    ['team-?', 'team-a', true],
    ['team-?', 'team-', false],
    ['team-?', 'team-ab', false],
    ['a.c', 'abc', false],
    ['**', 'x', true],
  ])('%s on "%s" is %s', (glob, name, expected) => {
    expect(matchesGlob(glob, name)).toBe(expected);
  });

  it('agrees with the same pattern as a regular expression', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*', '?'), maxLength: 12 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 16 });
    fc.assert(
      fc.property(glob, name, (g, n) => {
        const pattern = g.replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesGlob(g, n)).toBe(new RegExp(`^${pattern}$`).test(n));
      }),
    );
  });

  it('stays fast on a pattern that would explode by backtracking', () => {
    expect(matchesGlob(`${'*a'.repeat(30)}b`, 'a'.repeat(63))).toBe(false);
  });
});

describe('buildNamespaceSelector', () => {
  it('lets an exclusion win over an inclusion', () => {
    const select = buildNamespaceSelector({ ...everything, exclude: ['kube-*'] });
    expect(select({ name: 'kube-system', labels: {} })).toBe(false);
    expect(select({ name: 'team-a', labels: {} })).toBe(true);
  });

  it('wants every label with its exact value', () => {
    const select = buildNamespaceSelector({ ...everything, matchLabels: { tier: 'a', zone: '' } });
    expect(select({ name: 'x', labels: { tier: 'a', zone: '', more: '1' } })).toBe(true);
    expect(select({ name: 'x', labels: { tier: 'a' } })).toBe(false);
    expect(select({ name: 'x', labels: { tier: 'b', zone: '' } })).toBe(false);
  });

  it('does not take an inherited property for a label', () => {
    const select = buildNamespaceSelector({ ...everything, matchLabels: { toString: 'x' } });
    expect(select({ name: 'x', labels: {} })).toBe(false);
  });

  it('stays within the grants, and with none selects nothing', () => {
    const namespace = { name: 'team-b', labels: {} };
    expect(buildNamespaceSelector(everything, ['team-a*'])(namespace)).toBe(false);
    expect(buildNamespaceSelector(everything, ['team-*'])(namespace)).toBe(true);
    expect(buildNamespaceSelector(everything, [])(namespace)).toBe(false);
    expect(buildNamespaceSelector(everything, null)(namespace)).toBe(true);
  });
});
