import { beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from './simulated-cluster.js';

const deployment = (image: string, replicas: number) => ({
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas,
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image }] },
    },
  },
});

describe('workloads of the demo', () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({
      name: 'demo',
      token: 't',
      namespaces: ['shop'],
      runWorkloads: true,
    });
    return () => cluster.stop();
  });

  const images = () =>
    cluster
      .list('pods', 'shop')
      .map(({ spec }) => (spec as { containers: { image: string }[] }).containers[0]?.image);

  it('become ready, with one labelled pod per replica', async () => {
    cluster.apply(deployment('reg.example.com/web:1', 2));
    await expect.poll(images).toEqual(['reg.example.com/web:1', 'reg.example.com/web:1']);
    expect(cluster.get('deployments', 'shop', 'web')).toMatchObject({
      status: { readyReplicas: 2 },
    });
    for (const pod of cluster.list('pods', 'shop')) {
      expect(pod).toMatchObject({
        metadata: { labels: { app: 'web', 'dev.moorage.simulated': 'true' } },
        status: { phase: 'Running' },
      });
    }
  });

  it('replace their pods when the image changes, and take them along when deleted', async () => {
    cluster.apply(deployment('reg.example.com/web:1', 1));
    await expect.poll(images).toEqual(['reg.example.com/web:1']);
    cluster.apply(deployment('reg.example.com/web:2', 1));
    await expect.poll(images).toEqual(['reg.example.com/web:2']);
    cluster.remove('deployments', 'shop', 'web');
    await expect.poll(images).toEqual([]);
  });
});
