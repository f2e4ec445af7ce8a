import { describe, expect, it } from 'vitest';
import { parseImageReference } from '../image-reference.js';
import { type JudgedKind, readWorkload } from './workload-images.js';

const meta = (name: string, owner?: { kind: string; name: string }) => ({
  name,
  namespace: 'shop',
  ...(owner === undefined ? {} : { ownerReferences: [{ ...owner, controller: true }] }),
});
const spec = {
  containers: [{ image: 'a' }, { image: 'a' }],
  initContainers: [{ image: 'b' }, { image: '' }],
  ephemeralContainers: [{ image: 'c' }],
  volumes: [
    { name: 'x', emptyDir: {} },
    { name: 'y', image: { reference: 'd' } },
  ],
};
const template = { spec };

describe('readWorkload', () => {
  const objects: readonly (readonly [JudgedKind, object])[] = [
    ['Pod', { spec }],
    ['Deployment', { spec: { template } }],
    ['StatefulSet', { spec: { template } }],
    ['DaemonSet', { spec: { template } }],
    ['ReplicaSet', { spec: { template } }],
    ['ReplicationController', { spec: { template } }],
    ['Job', { spec: { template } }],
    ['CronJob', { spec: { jobTemplate: { spec: { template } } } }],
    ['PodTemplate', { template }],
  ];
  it.each(objects)(
    'finds containers, init and ephemeral ones and volumes of a %s',
    (kind, rest) => {
      expect(readWorkload(kind, { metadata: meta('web'), ...rest })).toEqual({
        kind,
        namespace: 'shop',
        name: 'web',
        images: ['a', 'b', 'c', 'd'],
        owner: null,
        isStatic: false,
        isCritical: false,
      });
    },
  );

  it('tells what made a pod, and not what an operator made', () => {
    const owner = { kind: 'ReplicaSet', name: 'web-1' };
    expect(readWorkload('Pod', { metadata: meta('web-1-x', owner), spec })?.owner).toEqual(owner);
    const operated = { metadata: meta('web', { kind: 'Shop', name: 'x' }), spec: { template } };
    expect(readWorkload('Deployment', operated)?.owner).toBeNull();
  });

  it('knows static and critical pods', () => {
    const mirror = {
      metadata: meta('kube-apiserver-one', { kind: 'Node', name: 'one' }),
      spec: { ...spec, priorityClassName: 'system-node-critical' },
    };
    expect(readWorkload('Pod', mirror)).toMatchObject({
      owner: null,
      isStatic: true,
      isCritical: true,
    });
  });

  const made = { kind: 'Deployment', name: 'web' };
  it.each<readonly [string, JudgedKind, unknown]>([
    ['a finished pod', 'Pod', { metadata: meta('x'), spec, status: { phase: 'Succeeded' } }],
    ['a failed pod', 'Pod', { metadata: meta('x'), spec, status: { phase: 'Failed' } }],
    [
      'a finished job',
      'Job',
      {
        metadata: meta('x'),
        spec: { template },
        status: { conditions: [{ type: 'Complete', status: 'True' }] },
      },
    ],
    [
      'the history of a Deployment',
      'ReplicaSet',
      { metadata: meta('x', made), spec: { replicas: 0, template } },
    ],
    ['an object without a name', 'Pod', { metadata: {}, spec }],
    ['no object at all', 'Pod', null],
  ])('leaves out %s', (_, kind, object) => {
    expect(readWorkload(kind, object)).toBeNull();
  });

  it.each<readonly [string, JudgedKind, unknown]>([
    [
      'a job that is not finished',
      'Job',
      {
        metadata: meta('x'),
        spec: { template },
        status: { conditions: [{ type: 'Complete', status: 'False' }, null] },
      },
    ],
    [
      'a replica set of its own',
      'ReplicaSet',
      { metadata: meta('x'), spec: { replicas: 0, template } },
    ],
  ])('keeps %s', (_, kind, object) => {
    expect(readWorkload(kind, object)?.images).toHaveLength(4);
  });

  it('reads what has another shape than Kubernetes gives it as absent', () => {
    const odd = { metadata: meta('x'), spec: { containers: 'no', initContainers: [7, [], {}] } };
    expect(readWorkload('Pod', odd)?.images).toEqual([]);
    const owners = { name: 'x', namespace: 'y', ownerReferences: [{ controller: true, kind: 3 }] };
    expect(readWorkload('Pod', { metadata: owners, spec: [] })?.owner).toBeNull();
  });

  // A report keeps a name of each refusal, and a cluster may answer whatever it likes.
  it('keeps no more of an image name than tells that it is none, and takes no name that none has', () => {
    const long = 'x'.repeat(1_000_000);
    const images = { containers: [{ image: `ghcr.io/${long}` }] };
    const read = readWorkload('Pod', { metadata: meta('web'), spec: images });
    const [image = ''] = read?.images ?? [];
    expect(image.length).toBe(4_097);
    expect(parseImageReference(image).ok).toBe(false);
    expect(readWorkload('Pod', { metadata: meta(long), spec })).toBeNull();
    const owned = { metadata: meta('web', { kind: 'ReplicaSet', name: long }), spec };
    expect(readWorkload('Pod', owned)?.owner).toBeNull();
  });
});
