/**
 * In which releases a feature is there.
 *
 * Source: K3s release notes and the version gates of its documentation.
 */
import { describe, expect, test } from 'vitest';
import { breaksConfigsOnly, gates, hasFeature, parseRelease } from './release.js';

function has(version: string, gate: keyof typeof gates): boolean {
  const release = parseRelease(version);
  if (!release.ok) {
    throw new Error(release.error);
  }
  return hasFeature(release.value, gates[gate]);
}

describe('releases', () => {
  test.each<[keyof typeof gates, string, string]>([
    ['rewrite', 'v1.20.5+k3s1', 'v1.20.6+k3s1'],
    ['certsDirectory', 'v1.26.12+k3s1', 'v1.26.13+k3s1'],
    ['certsDirectory', 'v1.27.9+rke2r1', 'v1.27.10+rke2r1'],
    ['certsDirectory', 'v1.28.5', 'v1.28.6'],
    ['certsDirectory', 'v1.29.0', 'v1.29.1'],
    ['wildcard', 'v1.26.14', 'v1.26.15'],
    ['wildcard', 'v1.27.11', 'v1.27.12'],
    ['wildcard', 'v1.28.7', 'v1.28.8'],
    ['wildcard', 'v1.29.2', 'v1.29.3'],
    ['dockerHubAlias', 'v1.32.6+k3s1', 'v1.32.7+k3s1'],
    ['dockerHubAlias', 'v1.33.2', 'v1.33.3'],
  ])('%s is missing in %s and there in %s', (gate, before, from) => {
    expect([has(before, gate), has(from, gate)]).toEqual([false, true]);
  });

  test.each(Object.keys(gates))(
    '%s is there in every later minor and in no earlier one',
    (gate) => {
      const name = gate as keyof typeof gates;
      expect([has('v1.99.0', name), has('v1.1.99', name)]).toEqual([true, false]);
    },
  );

  test.each([
    ['v1.29.2+k3s1', false],
    ['v1.29.3+k3s1', true],
    ['v1.28.8+k3s1', true],
    ['v1.29.4+k3s1', false],
    ['v1.30.0+k3s1', false],
  ])('%s breaks registries that have settings only: %s', (version, expected) => {
    const release = parseRelease(version);
    expect(release.ok && breaksConfigsOnly(release.value)).toBe(expected);
  });

  test.each(['v1.31.4+k3s1', '1.31.4', ' v1.31.4+rke2r1 ', 'v1.31.4-rc1+k3s1'])(
    'reads %j',
    (text) => {
      expect(parseRelease(text)).toEqual({ ok: true, value: { minor: 31, patch: 4 } });
    },
  );

  test.each(['', 'latest', 'v2.0.0', 'v1.31', '31.4', 'v1.31.x'])('does not read %j', (text) => {
    expect(parseRelease(text).ok).toBe(false);
  });
});
