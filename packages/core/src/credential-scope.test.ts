import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCredentialScope, scopeContains } from './credential-scope.js';

describe('parseCredentialScope', () => {
  it.each<[string, string]>([
    ['', ''],
    ['/', ''],
    ['  ', ''],
    ['team-a', 'team-a'],
    ['/team-a/', 'team-a'],
    [' //team-a/app// ', 'team-a/app'],
    ['a.b/c__d', 'a.b/c__d'],
    ['a'.repeat(255), 'a'.repeat(255)],
  ])('reads %j as %j', (text, scope) => {
    expect(parseCredentialScope(text)).toEqual({ ok: true, value: scope });
  });

  it.each<[string, string, string | undefined]>([
    ['Team-A', 'scope.upper-case', 'team-a'],
    ['Team..A', 'scope.upper-case', undefined],
    ['team-a/*', 'scope.wildcard', 'team-a'],
    ['*', 'scope.wildcard', undefined],
    ['team/app:v1', 'scope.has-tag', 'team/app'],
    ['team/app@sha256:00', 'scope.has-tag', 'team/app'],
    [':v1', 'scope.has-tag', undefined],
    ['a//b', 'scope.bad-component', undefined],
    ['../etc', 'scope.bad-component', undefined],
    ['a%2fb', 'scope.bad-component', undefined],
    ['a b', 'scope.bad-component', undefined],
    ['a\0', 'scope.bad-component', undefined],
    ['a'.repeat(256), 'scope.too-long', undefined],
    ['/'.repeat(2000), 'scope.too-long', undefined],
  ])('refuses %j', (text, code, suggestion) => {
    const parsed = parseCredentialScope(text);
    expect(parsed.ok ? 'accepted' : parsed.error.code).toBe(code);
    expect(parsed.ok ? undefined : parsed.error.suggestion).toBe(suggestion);
  });

  it('leaves a canonical scope as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 30 }), (text) => {
        const once = parseCredentialScope(text);
        if (once.ok) expect(parseCredentialScope(once.value)).toEqual(once);
      }),
    );
  });
});

describe('scopeContains', () => {
  it.each<[string, string, boolean]>([
    ['', 'anything/at/all', true],
    ['team-a', 'team-a', true],
    ['team-a', 'team-a/app', true],
    ['team-a', 'team-ab/app', false],
    ['team-a', 'team', false],
    ['team-a/app', 'team-a', false],
  ])('scope %j and repository %j: %s', (scope, repository, contained) => {
    expect(scopeContains(scope, repository)).toBe(contained);
  });
});
