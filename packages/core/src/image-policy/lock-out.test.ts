import { describe, expect, it } from 'vitest';
import type { ImagePolicy } from './combine-policies.js';
import type { WorkloadRefusal } from './impact-tally.js';
import { findEmptyWhitelist, findLockOuts } from './lock-out.js';

const policy: ImagePolicy = {
  whitelist: [{ registry: 'ghcr.io', path: '' }],
  defaultRegistry: null,
  mode: 'enforce',
  defaultRegistryAt: 'workload',
};

const refusal = (namespace: string, name: string, rest: Partial<WorkloadRefusal> = {}) => ({
  namespace,
  workload: { kind: 'DaemonSet', name },
  image: 'registry.k8s.io/x',
  registry: 'registry.k8s.io',
  reason: 'no',
  refusedAlready: false,
  isStatic: false,
  isCritical: false,
  ...rest,
});

function codes(
  refusals: readonly WorkloadRefusal[],
  namespaces: readonly string[] = ['shop'],
  rest: Partial<ImagePolicy> = {},
): readonly (readonly [string, boolean])[] {
  return findLockOuts({
    ...{ environment: 'shop', cluster: 'east', namespaces, refusals },
    policy: { ...policy, ...rest },
  }).map(({ code, isBreaking }) => [code, isBreaking] as const);
}

describe('findLockOuts', () => {
  it('says nothing where nothing of the cluster is reached', () => {
    expect(codes([refusal('shop', 'web')])).toEqual([]);
  });

  it('warns of system namespaces among the selected ones, also when nothing is refused there yet', () => {
    expect(codes([], ['shop', 'kube-system'])).toEqual([['lock-out.system-namespace', false]]);
  });

  it('does not let the cluster lose what it lives on', () => {
    expect(codes([refusal('kube-system', 'kube-proxy')])).toEqual([
      ['lock-out.system-workload', true],
    ]);
    expect(codes([refusal('moorage-system', 'moorage-agent')])).toEqual([
      ['lock-out.moorage-agent', true],
    ]);
  });

  it('breaks nothing by a warning, or by what was refused before', () => {
    const proxy = refusal('kube-system', 'kube-proxy');
    expect(codes([proxy], [], { mode: 'warn' })).toEqual([['lock-out.system-workload', false]]);
    expect(codes([{ ...proxy, refusedAlready: true }])).toEqual([]);
  });

  it('has nothing to say when the whitelist or its mode is off', () => {
    const proxy = refusal('kube-system', 'kube-proxy');
    expect(codes([proxy], ['kube-system'], { mode: 'off' })).toEqual([]);
    expect(codes([proxy], ['kube-system'], { whitelist: null })).toEqual([]);
  });

  it('names critical and static pods elsewhere', () => {
    expect(
      codes([
        refusal('calico-system', 'calico-node', { isCritical: true }),
        refusal('infra', 'etcd-one', { isStatic: true }),
      ]),
    ).toEqual([
      ['lock-out.critical-workload', false],
      ['lock-out.static-pod', false],
    ]);
  });

  it('names as many as a sentence holds', () => {
    const refusals = Array.from({ length: 7 }, (_, nth) => refusal('kube-system', `d${nth}`));
    const question = { environment: 'shop', cluster: 'east', policy, namespaces: [], refusals };
    expect(findLockOuts(question)[0]?.detail).toContain('d4 (registry.k8s.io/x) and 2 more');
  });
});

describe('findEmptyWhitelist', () => {
  it('tells a whitelist that allows nothing from one that is off', () => {
    expect(findEmptyWhitelist('shop', { ...policy, whitelist: [] })?.code).toBe(
      'lock-out.nothing-allowed',
    );
    expect(findEmptyWhitelist('shop', policy)).toBeNull();
    expect(findEmptyWhitelist('shop', { ...policy, whitelist: null })).toBeNull();
    expect(findEmptyWhitelist('shop', { ...policy, whitelist: [], mode: 'off' })).toBeNull();
  });
});
