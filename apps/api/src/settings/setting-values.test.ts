import { describe, expect, it } from 'vitest';
import { effectiveInEnvironment, entriesOf, NOTHING, parseSettingValue } from './setting-values.js';

describe('parseSettingValue', () => {
  const good = [
    [
      'registry.whitelist',
      ' ghcr.io , Index.Docker.IO,ghcr.io,registry.local:5000, ',
      'ghcr.io,docker.io,registry.local:5000',
    ],
    ['registry.whitelist', 'https://Harbor.example.com/team/', 'harbor.example.com/team'],
    ['registry.whitelist', '', ''],
    ['registry.default', 'https://Harbor.example.com/', 'harbor.example.com'],
    ['registry.default', 'ghcr.io/team', 'ghcr.io/team'],
    ['registry.default', '', ''],
    ['policy.mode', 'warn', 'warn'],
    ['policy.default-registry-at', 'pod', 'pod'],
  ] as const;
  it.each(good)('stores %s = "%s" as "%s"', (name, value, stored) => {
    expect(parseSettingValue(name, value)).toEqual({ ok: true, value: stored });
  });

  const bad = [
    ['registry.whitelist', 'ghcr.io,harbor', 'address.no-dot', 'Entry 2, "harbor": '],
    ['registry.whitelist', 'ghcr.io quay.io', 'entry.blank-inside', 'Entry 1, "ghcr.io quay.io": '],
    ['registry.whitelist', ',', 'whitelist.only-commas', 'Entry 1, ",": '],
    ['registry.default', 'a.example,b.example', 'entry.several', '"a.example,b.example": '],
    ['policy.mode', 'strict', 'setting.not-a-choice', 'Choose one of off, warn, enforce.'],
    ['policy.default-registry-at', '', 'setting.not-a-choice', 'Choose one of workload, pod.'],
  ] as const;
  it.each(bad)('refuses %s = "%s" with %s', (name, value, code, detail) => {
    const parsed = parseSettingValue(name, value);
    expect(parsed.ok ? [] : parsed.error).toMatchObject([
      { code, detail: expect.stringContaining(detail) },
    ]);
  });

  it('names every wrong entry, not only the first, and says what may be meant', () => {
    const parsed = parseSettingValue('registry.whitelist', 'harbor, ghcr.io quay.io, quay.io, *');
    expect(parsed.ok ? [] : parsed.error.map(({ entry }) => entry)).toEqual([
      'harbor',
      'ghcr.io quay.io',
      '*',
    ]);
    expect(parsed.ok ? [] : parsed.error[1]?.suggestion).toBe('ghcr.io, quay.io');
  });
});

describe('effectiveInEnvironment', () => {
  const cases = [
    ['registry.whitelist', undefined, undefined, '', 'default'],
    ['registry.whitelist', 'a.io,b.io', undefined, 'a.io,b.io', 'installation'],
    ['registry.whitelist', 'a.io,b.io', 'b.io', 'b.io', 'environment'],
    // the installation narrowed after the environment was set
    ['registry.whitelist', 'a.io', 'b.io,a.io', 'a.io', 'environment'],
    ['registry.whitelist', 'a.io/team', 'a.io', 'a.io/team', 'environment'],
    ['registry.whitelist', 'a.io', 'b.io', NOTHING, 'environment'],
    // empty is off, and off is wider than a list
    ['registry.whitelist', 'a.io', '', 'a.io', 'installation'],
    ['registry.whitelist', '', 'b.io', 'b.io', 'environment'],
    ['registry.default', 'a.io', undefined, 'a.io', 'installation'],
    ['registry.default', 'a.io', '', '', 'environment'],
    ['policy.mode', undefined, undefined, 'enforce', 'default'],
    ['policy.mode', undefined, 'off', 'off', 'environment'],
    ['policy.mode', 'enforce', 'off', 'enforce', 'installation'],
    ['policy.mode', 'warn', 'enforce', 'enforce', 'environment'],
    ['policy.default-registry-at', 'pod', 'workload', 'workload', 'environment'],
  ] as const;
  it.each(cases)(
    '%s: installation %s, environment %s → "%s" from the %s',
    (name, installation, environment, effective, source) => {
      const level = (value: string | undefined) => (value === undefined ? {} : { [name]: value });
      expect(effectiveInEnvironment(name, level(installation), level(environment))).toEqual({
        effective,
        source,
      });
    },
  );

  it('lists the default registry, which is always allowed', () => {
    const stored = { 'registry.whitelist': 'a.io', 'registry.default': 'harbor.corp' };
    expect(effectiveInEnvironment('registry.whitelist', {}, stored).effective).toBe(
      'a.io,harbor.corp',
    );
  });

  // The product's default mode is no decision of the installation; a whitelist is.
  it('does not let an environment switch off what the whitelist of the installation demands', () => {
    const own = { 'policy.mode': 'warn' };
    expect(effectiveInEnvironment('policy.mode', {}, own).effective).toBe('warn');
    expect(effectiveInEnvironment('policy.mode', { 'registry.whitelist': 'a.io' }, own)).toEqual({
      effective: 'enforce',
      source: 'default',
    });
  });
});

describe('entriesOf', () => {
  it('gives the entries of a stored whitelist', () => {
    expect(entriesOf('a.io,b.io/team')).toEqual(['a.io', 'b.io/team']);
    expect(entriesOf('')).toEqual([]);
  });
});
