import { type ImagePolicy, parseDefaultRegistry, parseWhitelist } from '@moorage/core';
import { describe, expect, it } from 'vitest';
import { decideInCluster, type InForce } from './image-in-cluster.js';

function policy(whitelist: string, prefix = '', rest: Partial<ImagePolicy> = {}): ImagePolicy {
  const list = parseWhitelist(whitelist);
  const entry = parseDefaultRegistry(prefix);
  if (!list.ok || !entry.ok) throw new Error(whitelist);
  return {
    ...{ whitelist: list.value, defaultRegistry: entry.value },
    ...{ mode: 'enforce', defaultRegistryAt: 'workload', ...rest },
  };
}

const inForce: InForce = { whitelist: 'in-force', whitelistDetail: null, defaultRegistry: null };
const decide = (image: string, own: ImagePolicy, states: Partial<InForce> = {}) =>
  decideInCluster(image, own, { inForce: { ...inForce, ...states }, neighbours: [] });

describe('decideInCluster', () => {
  it.each([
    ['in-force', 'refused', true],
    ['warns', 'warns', false],
    ['pending', 'runs', false],
    ['unavailable', 'runs', false],
    [null, 'runs', false],
  ] as const)(
    'says what a refused image does where the whitelist is %s',
    (state, outcome, enforced) => {
      expect(decide('quay.io/x', policy('ghcr.io'), { whitelist: state })).toMatchObject({
        ...{ image: 'quay.io/x', outcome, enforced },
      });
    },
  );

  it('says why it is not in force', () => {
    const states = { whitelist: 'unavailable', whitelistDetail: 'Kubernetes 1.29 cannot.' };
    expect(decide('quay.io/x', policy('ghcr.io'), states).detail).toBe(
      'The whitelist is not in force here: made past Moorage, it runs. Kubernetes 1.29 cannot.',
    );
  });

  it('puts the default registry in front of a new workload everywhere, of a pod where that is in force', () => {
    expect(decide('nginx', policy('reg.corp', 'reg.corp')).image).toBe('reg.corp/nginx');
    const inPods = policy('reg.corp', 'reg.corp', { defaultRegistryAt: 'pod' });
    expect(decide('nginx', inPods, { defaultRegistry: 'in-force' }).image).toBe('reg.corp/nginx');
    expect(decide('nginx', inPods, { defaultRegistry: 'unavailable' })).toMatchObject({
      ...{ image: 'nginx', outcome: 'refused' },
      detail: expect.stringContaining('so the name is Docker Hub’s'),
    });
  });

  it('tells of another environment in the same namespaces without naming it', () => {
    const other = { policy: policy('ghcr.io'), count: 3, example: 'shop', state: 'in-force' };
    const shared = (neighbours: readonly (typeof other)[]) =>
      decideInCluster('quay.io/x', policy('quay.io'), { inForce, neighbours }).detail;
    expect(shared([other])).toContain(
      "In 3 namespaces such as shop, which another environment serves too, that one's whitelist refuses it.",
    );
    expect(
      shared([
        { ...other, count: 1, state: 'warns', policy: policy('ghcr.io', '', { mode: 'warn' }) },
      ]),
    ).toContain(
      "In namespace shop, which another environment serves too, that one's whitelist warns of it.",
    );
    expect(shared([{ ...other, policy: policy('quay.io') }])).toBe('The whitelist allows quay.io.');
  });

  it('says of another environment nothing that its policy does not do there', () => {
    const other = { policy: policy('ghcr.io'), count: 3, example: 'shop' };
    for (const state of ['unavailable', 'pending', 'not-proven', null]) {
      const neighbours = [{ ...other, state }];
      const { detail } = decideInCluster('quay.io/x', policy('quay.io'), { inForce, neighbours });
      expect(detail).toBe('The whitelist allows quay.io.');
    }
  });

  it('promises neither a refusal nor a run where nothing is proven', () => {
    const found = decide('quay.io/x', policy('ghcr.io'), { whitelist: 'not-proven' });
    expect(found).toMatchObject({ outcome: 'runs', enforced: false });
    expect(found.detail).toContain('not proven: made past Moorage, it may run.');
  });
});
