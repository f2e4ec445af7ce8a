import { describe, expect, it } from 'vitest';
import type { ImagePolicy } from './combine-policies.js';
import { ImpactTally, refusalsMax } from './impact-tally.js';
import { parseDefaultRegistry, parseWhitelist } from './whitelist.js';
import type { RunningWorkload } from './workload-images.js';

function policy(whitelist: string, options: Partial<ImagePolicy> & { prefix?: string } = {}) {
  const { prefix = '', ...rest } = options;
  const list = parseWhitelist(whitelist);
  const entry = parseDefaultRegistry(prefix);
  if (!list.ok || !entry.ok) throw new Error(whitelist);
  return {
    ...{ whitelist: list.value, defaultRegistry: entry.value },
    ...{ mode: 'enforce' as const, defaultRegistryAt: 'workload' as const, ...rest },
  };
}

const running = (
  kind: RunningWorkload['kind'],
  name: string,
  images: string[],
  rest: Partial<RunningWorkload> = {},
): RunningWorkload => ({
  ...{ kind, namespace: 'shop', name, images, owner: null, isStatic: false, isCritical: false },
  ...rest,
});

function tally(input: Partial<ConstructorParameters<typeof ImpactTally>[0]>) {
  return new ImpactTally({
    ...{ before: null, after: policy('ghcr.io'), rewritesPods: true, ...input },
  });
}

describe('ImpactTally', () => {
  it('tells pods and replica sets as the Deployment that made them, once per image', () => {
    const found = tally({});
    found.add(running('Deployment', 'web', ['quay.io/x', 'ghcr.io/y']));
    const set = { kind: 'ReplicaSet', name: 'web-1' };
    const made = { owner: { kind: 'Deployment', name: 'web' } };
    found.add(running('ReplicaSet', 'web-1', ['quay.io/x'], made));
    // A container that somebody's webhook put in.
    found.add(running('Pod', 'web-1-a', ['quay.io/x', 'mesh.io/proxy'], { owner: set }));
    found.add(running('Pod', 'web-1-b', ['quay.io/x', 'mesh.io/proxy'], { owner: set }));
    expect(found.counts).toMatchObject({ workloads: 1, refusedWorkloads: 1, refusals: 2 });
    expect(found.refusals.map(({ workload, image }) => [workload.name, image])).toEqual([
      ['web', 'quay.io/x'],
      ['web', 'mesh.io/proxy'],
    ]);
    expect([...found.images]).toEqual(['quay.io/x', 'ghcr.io/y', 'mesh.io/proxy']);
  });

  it('names an owner of a kind that is not built in', () => {
    const found = tally({});
    found.add(running('Pod', 'x', ['quay.io/x'], { owner: { kind: 'Rollout', name: 'r' } }));
    expect(found.refusals[0]?.workload).toEqual({ kind: 'Rollout', name: 'r' });
  });

  it.each([
    ['nothing counted before', null, policy('ghcr.io'), 1, 1],
    ['it was refused before', policy('ghcr.io'), policy('ghcr.io,a.io'), 1, 0],
    ['it only warned before', policy('ghcr.io', { mode: 'warn' }), policy('ghcr.io'), 1, 1],
    [
      'it will only warn, as before',
      policy('a.io', { mode: 'warn' }),
      policy('ghcr.io', { mode: 'warn' }),
      1,
      0,
    ],
    ['the list is switched off', policy('ghcr.io'), policy(''), 0, 0],
    ['the mode is switched off', policy('ghcr.io'), policy('ghcr.io', { mode: 'off' }), 0, 0],
    ['the list is widened', policy('ghcr.io'), policy('ghcr.io,quay.io'), 0, 0],
    ['nothing would be allowed', null, { ...policy(''), whitelist: [] }, 1, 1],
  ] as const)('counts what is new: %s', (_, before, after, refusals, newlyRefused) => {
    const found = tally({ before, after });
    found.add(running('Deployment', 'web', ['quay.io/x']));
    expect(found.counts).toMatchObject({ refusals, newlyRefused });
  });

  it('judges a name that nothing can read as refused, like the clusters', () => {
    const found = tally({});
    found.add(running('Deployment', 'web', ['NOT a name']));
    expect(found.refusals).toMatchObject([{ image: 'NOT a name', registry: null }]);
  });

  describe('bare names', () => {
    const bare = running('Deployment', 'web', ['nginx']);
    const inPods = policy('reg.corp', { prefix: 'reg.corp', defaultRegistryAt: 'pod' });
    const inWorkloads = policy('reg.corp', { prefix: 'reg.corp' });
    it.each([
      [
        'refused as Docker Hub when only new workloads get the default registry',
        inWorkloads,
        true,
        1,
        0,
      ],
      ['allowed where each new pod gets it', inPods, true, 0, 1],
      ['refused where the cluster cannot give it', inPods, false, 1, 0],
    ] as const)('are %s', (_, after, rewritesPods, refusals, rewrittenWorkloads) => {
      const found = tally({ after, rewritesPods });
      found.add(bare);
      expect(found.counts).toMatchObject({ refusals, rewrittenWorkloads });
      expect([...found.rewrittenImages]).toEqual(rewrittenWorkloads === 0 ? [] : ['nginx']);
    });
  });

  it('keeps counting when nobody can read more, and keeps what is new and what is vital', () => {
    const found = tally({ before: policy('quay.io'), after: policy('ghcr.io') });
    for (let nth = 0; nth < refusalsMax + 5; nth += 1) {
      found.add(running('Deployment', `old-${nth}`, ['docker.io/x']));
      found.add(running('Deployment', `new-${nth}`, ['quay.io/x']));
    }
    found.add(running('DaemonSet', 'proxy', ['quay.io/x'], { namespace: 'kube-system' }));
    const { refusals, newlyRefused } = found.counts;
    expect([refusals, newlyRefused]).toEqual([2 * refusalsMax + 11, refusalsMax + 6]);
    expect(found.refusals).toHaveLength(refusalsMax);
    expect(found.refusals[0]?.workload.name).toBe('proxy');
    expect(found.refusals.some(({ refusedAlready }) => refusedAlready)).toBe(false);
  });
});
