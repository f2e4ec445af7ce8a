import { describe, expect, it } from 'vitest';
import {
  effectiveInEnvironment,
  NOTHING,
  parseSettingValue,
  refuseWidening,
} from './setting-values.js';

describe('parseSettingValue', () => {
  const good = [
    [
      'registry.whitelist',
      ' ghcr.io , Index.Docker.IO,ghcr.io,registry.local:5000 ',
      'ghcr.io,docker.io,registry.local:5000',
    ],
    ['registry.whitelist', '', ''],
    ['registry.default', 'https://Harbor.example.com/', 'harbor.example.com'],
    ['registry.default', '', ''],
    ['policy.mode', 'warn', 'warn'],
    ['policy.default-registry-at', 'pod', 'pod'],
  ] as const;
  it.each(good)('stores %s = "%s" as "%s"', (name, value, stored) => {
    expect(parseSettingValue(name, value)).toEqual({ ok: true, value: stored });
  });

  const bad = [
    ['registry.whitelist', 'ghcr.io,not a host'],
    ['registry.whitelist', 'ghcr.io/team'],
    ['registry.default', 'a.example,b.example'],
    ['policy.mode', 'strict'],
    ['policy.default-registry-at', ''],
  ] as const;
  it.each(bad)('refuses %s = "%s"', (name, value) => {
    expect(parseSettingValue(name, value).ok).toBe(false);
  });
});

describe('refuseWidening', () => {
  it('lets an environment narrow the whitelist, not widen it', () => {
    expect(refuseWidening('registry.whitelist', 'ghcr.io', 'ghcr.io,quay.io')).toBeNull();
    expect(refuseWidening('registry.whitelist', 'ghcr.io,evil.example', 'ghcr.io,quay.io')).toMatch(
      /evil\.example/,
    );
    expect(refuseWidening('registry.whitelist', 'anything.example', '')).toBeNull();
    expect(refuseWidening('registry.whitelist', 'anything.example', undefined)).toBeNull();
  });

  it('lets an environment strengthen the mode, not weaken it', () => {
    expect(refuseWidening('policy.mode', 'enforce', 'warn')).toBeNull();
    expect(refuseWidening('policy.mode', 'warn', 'warn')).toBeNull();
    expect(refuseWidening('policy.mode', 'off', 'warn')).toMatch(/stricter/);
    expect(refuseWidening('policy.mode', 'off', undefined)).toBeNull();
  });
});

describe('effectiveInEnvironment', () => {
  const cases = [
    ['registry.whitelist', undefined, undefined, '', 'default'],
    ['registry.whitelist', 'a.io,b.io', undefined, 'a.io,b.io', 'installation'],
    ['registry.whitelist', 'a.io,b.io', 'b.io', 'b.io', 'environment'],
    // the installation narrowed after the environment was set
    ['registry.whitelist', 'a.io', 'b.io,a.io', 'a.io', 'environment'],
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
      expect(effectiveInEnvironment(name, { installation, environment })).toEqual({
        effective,
        source,
      });
    },
  );
});
