import {
  combinePolicies,
  type ImagePolicy,
  parseDefaultRegistry,
  parseWhitelist,
  type SelectableNamespace,
} from '@moorage/core';
import { describe, expect, it } from 'vitest';
import type { EnvironmentPolicy } from '../../settings/effective-policies.js';
import { nothingDelivered } from '../delivered-content.js';
import { DesiredCluster, prepareTarget } from '../desired-cluster.js';
import type { SlimNamespace } from '../slim-objects.js';
import type { TargetRow } from '../sync-model.js';
import {
  hashOfSettings,
  mayClash,
  type WishContext,
  wantsAnything,
  wishesOf,
} from './policy-wishes.js';

function environment(name: string, list: string, registry = ''): EnvironmentPolicy {
  const whitelist = parseWhitelist(list);
  const defaultRegistry = parseDefaultRegistry(registry);
  if (!whitelist.ok || !defaultRegistry.ok)
    throw new Error('the settings of this test do not parse');
  const settings: ImagePolicy = {
    whitelist: whitelist.value,
    defaultRegistry: defaultRegistry.value,
    mode: 'enforce',
    defaultRegistryAt: 'pod',
  };
  return {
    environmentId: name,
    environmentName: name,
    combined: combinePolicies(settings, {}),
  };
}

function target(environmentId: string, include: string, changes: Partial<TargetRow> = {}) {
  const row: TargetRow = {
    id: `target of ${environmentId}`,
    environmentId,
    environmentName: environmentId,
    selection: { include: [include], exclude: [], matchLabels: {} },
    grants: null,
    serviceAccounts: 'none',
    attachedBeyondDefault: false,
    secretName: 's',
    attach: 'none',
    state: 'active',
    nodeConfig: { enabled: false, distribution: 'k3s' },
    ...changes,
  };
  return prepareTarget(row, nothingDelivered, null);
}

const namespace = (name: string): SlimNamespace => {
  return { name, terminating: false, ignored: false, labels: {}, phase: 'Active' };
};
const context: WishContext = {
  installationId: '7d8f3c1e-0000-4000-8000-000000000001',
  versions: { validating: 'v1', mutating: 'v1' },
  namespaces: [namespace('a'), namespace('b')],
  rewritingBarred: false,
};
const both = (one: EnvironmentPolicy, other: EnvironmentPolicy, include = '*') =>
  new DesiredCluster([target('one', 'a'), target('second', include)], [], [one, other]);
const single = (policy: EnvironmentPolicy, changes: Partial<TargetRow> = {}) =>
  new DesiredCluster([target('one', 'a', changes)], [], [policy]);
const guarded = environment('one', 'ghcr.io,reg.corp', 'reg.corp');
const wish = (desired: DesiredCluster, changes: Partial<WishContext> = {}) => {
  const [first] = wishesOf(desired, { ...context, ...changes });
  if (first === undefined) throw new Error('no wish');
  return first;
};
const conditionOf = (desired: DesiredCluster) =>
  JSON.stringify(wish(desired).compiled?.whitelist?.policy.spec.matchConditions);

describe('wishesOf', () => {
  it('wants both halves where the cluster serves both', () => {
    const { compiled, hindrances } = wish(single(guarded));
    expect([compiled?.whitelist, compiled?.defaultRegistry]).not.toContain(null);
    expect(hindrances).toEqual({});
  });

  it('says what a cluster before 1.30 cannot hold, and writes nothing there', () => {
    const versions = { validating: null, mutating: null };
    const { compiled, hindrances } = wish(single(guarded), { versions });
    expect([compiled?.whitelist, compiled?.defaultRegistry]).toEqual([null, null]);
    expect(hindrances).toMatchObject({
      whitelist: { state: 'unavailable', code: 'policy.no-validating-policies' },
      'default-registry': { state: 'unavailable', code: 'policy.no-mutating-policies' },
    });
  });

  it('judges bare names as Docker Hub’s in templates too where nothing rewrites them', () => {
    const judgedOf = (changes: Partial<WishContext>) => {
      const { variables } = wish(single(guarded), changes).compiled?.whitelist?.policy.spec ?? {};
      const list = Array.isArray(variables) ? variables : [];
      return String(list.find(({ name }) => name === 'judged')?.expression);
    };
    const onlyInPods = `request.kind.kind == 'Pod' ? "docker.io/" : "reg.corp/"`;
    expect(judgedOf({})).toContain(onlyInPods);
    const without = { versions: { validating: 'v1', mutating: null } } as const;
    for (const changes of [without, { rewritingBarred: true }]) {
      expect(judgedOf(changes)).toContain('"docker.io/" + i');
      expect(judgedOf(changes)).not.toContain(onlyInPods);
      expect(wish(single(guarded), changes).compiled?.defaultRegistry).toBeNull();
    }
  });

  it('keeps what is there when rewriting is barred or settings contradict each other', () => {
    const barred = wish(single(guarded), { rewritingBarred: true });
    expect(barred.hindrances['default-registry']).toMatchObject({ state: 'failed', keeps: true });
    expect(barred.hindrances.whitelist).toBeUndefined();
    const contradictory = wish(single(environment('one', 'reg.corp/team', 'reg.corp')));
    expect(contradictory.compiled).toBeNull();
    expect(contradictory.hindrances).toMatchObject({
      whitelist: { state: 'conflict', code: 'policy.default-restricted', keeps: true },
      'default-registry': { state: 'conflict', keeps: true },
    });
  });

  it('covers active targets alone, each within its own grants', () => {
    expect(conditionOf(single(guarded))).toContain('^(?:a)$');
    expect(conditionOf(single(guarded, { state: 'removing' }))).toContain('"false"');
    expect(conditionOf(single(guarded, { grants: ['x-*'] }))).toContain('^(?:x-.*)$');
  });

  it('finds two default registries that meet in a namespace, and names nobody', () => {
    const other = environment('second', 'quay.io', 'second.corp');
    const clash = wish(both(guarded, other)).hindrances['default-registry'];
    expect(clash).toMatchObject({ state: 'conflict', code: 'policy.two-default-registries' });
    expect(clash?.detail).not.toContain('second');
    expect(wish(both(guarded, other, 'b')).hindrances).toEqual({});
    const same = environment('second', 'quay.io', 'reg.corp');
    expect(wish(both(guarded, same)).hindrances).toEqual({});
    expect(mayClash(both(guarded, other, 'b'))).toBe(true);
    expect(mayClash(both(guarded, same))).toBe(false);
  });
});

describe('many environments and namespaces', () => {
  // Every event of a namespace leads to a look, and one server looks for every cluster.
  it('are each asked once about each other', () => {
    const [environments, each] = [30, 20];
    let asked = 0;
    const names = Array.from({ length: environments }, (_, index) => `e${index}`);
    const targets = names.map((name) => {
      const prepared = target(name, `${name}-*`);
      return {
        ...prepared,
        selects: (candidate: SelectableNamespace) => {
          asked += 1;
          return prepared.selects(candidate);
        },
      };
    });
    const policies = names.map((name) => environment(name, '', `${name}.corp`));
    const namespaces = names.flatMap((name) =>
      Array.from({ length: each }, (_, index) => namespace(`${name}-${index}`)),
    );
    const desired = new DesiredCluster(targets, [], policies);
    const wishes = wishesOf(desired, { ...context, namespaces });
    expect(wishes.every(({ hindrances }) => hindrances['default-registry'] === undefined)).toBe(
      true,
    );
    expect(asked).toBeLessThanOrEqual(environments * namespaces.length);
  });
});

describe('settings', () => {
  it('that mean nothing in clusters want nothing there', () => {
    expect(wantsAnything(environment('one', ''))).toBe(false);
    expect(wantsAnything(environment('one', '', 'docker.io'))).toBe(false);
    expect(wantsAnything(environment('one', '', 'reg.corp'))).toBe(true);
    expect(wantsAnything(environment('one', 'ghcr.io'))).toBe(true);
  });

  it('have one hash for the same meaning and another for every other', () => {
    const hashes = ['ghcr.io', 'ghcr.io/org', 'quay.io', 'reg.corp/team'].map((list) =>
      hashOfSettings(environment('one', list, 'reg.corp')),
    );
    expect(new Set(hashes).size).toBe(4);
    expect(hashOfSettings(environment('one', ' ghcr.io ,', 'reg.corp'))).toBe(hashes[0]);
  });
});
