import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canRefuseMore,
  combinePolicies,
  type EnvironmentPolicySettings,
  type PolicySettings,
  policyModes,
} from './combine-policies.js';
import { decideImage } from './decide-image.js';
import {
  formatDefaultRegistry,
  formatWhitelist,
  parseDefaultRegistry,
  parseWhitelist,
} from './whitelist.js';

const listOf = (text: string) => {
  const parsed = parseWhitelist(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const registryOf = (text: string) => {
  const parsed = parseDefaultRegistry(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const settings = (whitelist: string, defaultRegistry = ''): PolicySettings => ({
  whitelist: listOf(whitelist),
  defaultRegistry: registryOf(defaultRegistry),
  mode: 'enforce',
  defaultRegistryAt: 'workload',
});
const combine = (installation: PolicySettings, environment: EnvironmentPolicySettings) => {
  const combined = combinePolicies(installation, environment);
  if (!combined.ok) throw new Error(combined.error.detail);
  return combined.value;
};
const combinedList = (installation: PolicySettings, environment: EnvironmentPolicySettings) => {
  const { whitelist } = combine(installation, environment).policy;
  return whitelist === null ? null : formatWhitelist(whitelist);
};

describe('an environment', () => {
  it('inherits what it does not set', () => {
    const installation = settings('ghcr.io,quay.io', 'ghcr.io/org');
    expect(combine(installation, {})).toEqual({ policy: installation, overruled: [] });
  });

  it('narrows the whitelist to a registry or a path', () => {
    const whitelist = listOf('quay.io,ghcr.io/org');
    expect(combinedList(settings('ghcr.io,quay.io,docker.io'), { whitelist })).toBe(
      'quay.io,ghcr.io/org',
    );
  });

  it('cannot widen it; what is beyond is overruled by name', () => {
    const installation = settings('ghcr.io/org,quay.io');
    const whitelist = listOf('ghcr.io,evil.io,quay.io/x');
    const { policy, overruled } = combine(installation, { whitelist });
    expect(policy.whitelist && formatWhitelist(policy.whitelist)).toBe('ghcr.io/org,quay.io/x');
    expect(overruled.map(({ value }) => value)).toEqual(['ghcr.io', 'evil.io']);
  });

  it('cannot switch it off', () => {
    expect(combinedList(settings('ghcr.io'), { whitelist: null })).toBe('ghcr.io');
  });

  it('with nothing in common allows nothing, not everything', () => {
    expect(combinedList(settings('ghcr.io'), { whitelist: listOf('quay.io') })).toBe('');
  });

  it.each(policyModes.flatMap((a) => policyModes.map((b) => [a, b] as const)))(
    'of mode %s in the installation and %s in the environment the stronger counts',
    (a, b) => {
      const { policy, overruled } = combine({ ...settings('ghcr.io'), mode: a }, { mode: b });
      const order = policyModes.indexOf(policy.mode);
      expect(order).toBe(Math.max(policyModes.indexOf(a), policyModes.indexOf(b)));
      expect(overruled.length).toBe(policy.mode === b ? 0 : 1);
    },
  );

  it('never allows an image that the installation refuses', () => {
    const parts = ['', 'ghcr.io', 'ghcr.io/org', 'quay.io', 'docker.io/library', 'evil.io'];
    const list = fc.subarray(parts.slice(1)).map((entries) => listOf(entries.join(',')));
    const registry = fc.constantFrom(...parts).map(registryOf);
    const images = ['nginx', 'ghcr.io/org/x', 'ghcr.io/x', 'quay.io/x', 'evil.io/x'];
    fc.assert(
      fc.property(list, registry, list, registry, (one, first, two, second) => {
        const installation = { ...settings(''), whitelist: one, defaultRegistry: first };
        const combined = combinePolicies(installation, { whitelist: two, defaultRegistry: second });
        const whole = combinePolicies(installation, {});
        if (!combined.ok || !whole.ok) return;
        for (const image of images) {
          const inside = decideImage(image, combined.value.policy);
          if (inside.outcome === 'denied') continue;
          expect(decideImage(inside.image, whole.value.policy).outcome).not.toBe('denied');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the default registry', () => {
  it('is allowed although no list names it', () => {
    const { policy } = combine(settings('quay.io', 'reg.corp:5000'), {
      whitelist: listOf('quay.io/x'),
    });
    expect(decideImage('nginx', policy)).toMatchObject({
      outcome: 'rewritten',
      rule: { kind: 'default-registry', entry: 'reg.corp:5000' },
    });
  });

  it('in the list too is no contradiction', () => {
    expect(combinedList(settings('quay.io,reg.corp', 'reg.corp'), {})).toBe('quay.io,reg.corp');
  });

  it('of an environment must be allowed by the installation', () => {
    const combined = combinePolicies(settings('quay.io'), {
      defaultRegistry: registryOf('evil.io'),
    });
    expect(combined).toMatchObject({ error: { code: 'policy.default-not-allowed' } });
  });

  it('cannot be restricted to a path by a list', () => {
    const code = 'policy.default-restricted';
    const list = 'reg.corp/team,quay.io';
    expect(combinePolicies(settings(list, 'reg.corp'), {})).toMatchObject({ error: { code } });
    const inherited = combinePolicies(settings('', 'reg.corp'), { whitelist: listOf(list) });
    expect(inherited).toMatchObject({ error: { code } });
  });

  it('can be switched off or replaced by an environment', () => {
    const installation = settings('quay.io,ghcr.io', 'quay.io');
    const defaultOf = (text: string) =>
      formatDefaultRegistry(
        combine(installation, { defaultRegistry: registryOf(text) }).policy.defaultRegistry,
      );
    expect(defaultOf('')).toBe('');
    expect(defaultOf('ghcr.io/org')).toBe('ghcr.io/org');
  });
});

describe('canRefuseMore', () => {
  const on = (whitelist: string, rest: Partial<PolicySettings> = {}): PolicySettings => ({
    ...settings(whitelist),
    ...rest,
  });
  it.each([
    ['nothing counted before', null, on('a.io'), true],
    ['an entry was added', on('a.io'), on('a.io,b.io'), false],
    ['an entry was replaced by a wider one', on('a.io/team'), on('a.io'), false],
    ['an entry was taken away', on('a.io,b.io'), on('a.io'), true],
    ['the list was switched off', on('a.io'), on(''), false],
    ['the list was switched on', on(''), on('a.io'), true],
    ['the mode was weakened', on('a.io'), on('b.io', { mode: 'warn' }), false],
    ['the mode was strengthened', on('a.io', { mode: 'warn' }), on('a.io'), true],
    [
      'bare names are no longer given a registry in pods',
      on('a.io', { defaultRegistryAt: 'pod' }),
      on('a.io'),
      true,
    ],
    [
      'bare names become those of a registry',
      on('a.io'),
      on('a.io', { defaultRegistry: { registry: 'a.io', path: '' } }),
      true,
    ],
  ] as const)('%s', (_, before, after, expected) => {
    expect(canRefuseMore(before, after)).toBe(expected);
  });
});
