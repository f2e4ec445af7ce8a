import type { PolicyRefusal } from '@moorage/contract';
import { describe, expect, it } from 'vitest';
import { groupRefusals } from './refusal-groups';

function refusal(place: string, image: string, refusedAlready = false): PolicyRefusal {
  const [clusterName = '', namespace = '', name = ''] = place.split('/');
  return {
    environmentId: 'e1',
    environmentName: 'prod',
    clusterId: `id-${clusterName}`,
    clusterName,
    namespace,
    workload: { kind: 'Deployment', name },
    image,
    registry: 'quay.io',
    reason: '',
    refusedAlready,
  };
}

describe('groupRefusals', () => {
  it('groups by cluster, namespace and workload and loses nothing', () => {
    const groups = groupRefusals([
      refusal('eu/shop/web', 'quay.io/a'),
      refusal('eu/shop/web', 'quay.io/b'),
      refusal('eu/search/api', 'quay.io/c'),
      refusal('us/shop/web', 'quay.io/a', true),
    ]);
    const shape = groups.map(({ clusterName, images, newImages, namespaces }) => [
      clusterName,
      images,
      newImages,
      namespaces.map(({ namespace, workloads }) => [
        namespace,
        workloads.map(({ name, images: own }) => [name, own.map(({ image }) => image)]),
      ]),
    ]);
    expect(shape).toEqual([
      [
        'eu',
        3,
        3,
        [
          ['shop', [['web', ['quay.io/a', 'quay.io/b']]]],
          ['search', [['api', ['quay.io/c']]]],
        ],
      ],
      ['us', 1, 0, [['shop', [['web', ['quay.io/a']]]]]],
    ]);
  });

  it('keeps clusters of one name apart by their id', () => {
    const [one, two] = [refusal('eu/shop/web', 'a'), refusal('eu/shop/web', 'a')];
    expect(groupRefusals([one, { ...two, clusterId: 'other' }])).toHaveLength(2);
  });
});
