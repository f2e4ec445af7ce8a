/** What was stopped, from what a cluster with its real controllers offers. */
import { endpoints } from '@moorage/contract';
import { hasParts } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../sync-stage.js';
import {
  allowWhatIsNeeded,
  dryRunPod,
  type PolicyStage,
  podWith,
  putSetting,
  startPolicyStage,
  untilState,
} from './policy-stage.js';

describe.skipIf(!hasParts('kubernetes'))('stopped images of a real cluster', () => {
  let real: PolicyStage;
  beforeAll(async () => {
    real = await startPolicyStage({
      name: 'stopped',
      controllerManager: true,
      namespaces: ['team-a'],
      include: ['team-*'],
    });
    // From before the policy: its pods are created, and refused, later.
    const labels = { app: 'old' };
    const body = {
      metadata: { name: 'old' },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podWith('evil.io/old:1') },
      },
    };
    const path = '/apis/apps/v1/namespaces/team-a/deployments';
    const made = await real.kubernetes.call({ method: 'POST', path, body });
    expect(made.status, made.text).toBe(201);
    await putSetting(real, 'registry.whitelist', 'ghcr.io/org');
    await untilState(real, 'whitelist', 'failed');
  });
  afterAll(() => real?.close());

  const stopped = () => {
    const env = real.stage.cast.environment.id;
    return real.stage.cast.viewer.client(endpoints.listStoppedImages, { env, query: {} });
  };

  it('says what it may not read', async () => {
    const { items, sources } = await stopped();
    expect(items).toEqual([]);
    expect(sources).toEqual([
      expect.objectContaining({
        clusterId: real.clusterId,
        simulated: false,
        events: { state: 'forbidden', detail: expect.stringContaining('events') },
        metrics: expect.objectContaining({ state: 'forbidden', refused: null, warned: null }),
      }),
    ]);
  });

  it('finds the pods that a ReplicaSet could not create, and how often the API server refused', async () => {
    await allowWhatIsNeeded(real);
    await untilState(real, 'whitelist', 'in-force', 60_000);
    const scale = await real.kubernetes.call({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/team-a/deployments/old/scale',
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 2 } },
    });
    expect(scale.status, scale.text).toBe(200);
    const found = await eventually(async () => {
      const answer = await stopped();
      expect(answer.items.length).toBeGreaterThan(0);
      return answer;
    }, 30_000);
    expect(found.items).toEqual([
      expect.objectContaining({
        clusterId: real.clusterId,
        namespace: 'team-a',
        workload: { kind: 'ReplicaSet', name: expect.stringMatching(/^old-/) },
        image: 'evil.io/old:1',
        message: expect.stringContaining('may not run here'),
      }),
    ]);
    expect(found.truncated).toBe(false);
    const [source] = found.sources;
    expect(source?.events).toEqual({ state: 'read', detail: null });
    expect(source?.metrics.state).toBe('read');
    const before = source?.metrics.refused ?? 0;
    expect(before).toBeGreaterThan(0);
    for (let round = 0; round < 5; round += 1) await dryRunPod(real, 'team-a', 'evil.io/x');
    const after = (await stopped()).sources[0]?.metrics.refused ?? 0;
    expect(after - before).toBeGreaterThanOrEqual(5);
  });

  it('knows nothing of a cluster that is not one of the environment', async () => {
    const env = real.stage.cast.environment.id;
    const query = { clusterId: '00000000-0000-4000-8000-000000000000' };
    const asked = real.stage.cast.viewer.client(endpoints.listStoppedImages, { env, query });
    await expect(asked).rejects.toMatchObject({ problem: { status: 404 } });
  });
});
