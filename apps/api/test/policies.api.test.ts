import { randomUUID } from 'node:crypto';
import { endpoints, ImagePolicy, StoppedImages } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, problemOf } from './harness.js';
import { getPolicy, putSetting, untilHalf } from './policy-calls.js';
import {
  addTarget,
  type ConnectedCluster,
  eventually,
  type Stage,
  startStage,
} from './sync-stage.js';

let stage: Stage;
let cluster: ConnectedCluster;
let env: string;

beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
  cluster = await stage.connect({ namespaces: ['team-a', 'team-b'], runWorkloads: true });
  deployOld();
  await addTarget(stage, cluster.id, {
    namespaces: { include: ['team-*'], exclude: [], matchLabels: {} },
  });
});
afterAll(() => stage?.close());

/** From before any policy: its pods are created, and refused, later. */
function deployOld(): void {
  const labels = { app: 'old' };
  cluster.simulated.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'old', namespace: 'team-a' },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'c', image: 'evil.io/old:1' }] },
      },
    },
  });
}

const owner = () => stage.cast.owner;
const viewer = () => stage.cast.viewer;
const place = () => ({ env, clusterId: cluster.id, half: 'whitelist' as const });

describe('200', () => {
  it('says that there is no policy', async () => {
    const policy = ImagePolicy.strict().parse(await getPolicy(viewer(), env));
    expect(policy).toMatchObject({
      whitelist: null,
      defaultRegistry: null,
      entries: [],
      overruled: [],
      conflict: null,
    });
    expect(policy.clusters).toEqual([
      expect.objectContaining({
        clusterId: cluster.id,
        whitelist: { state: 'off', code: null, detail: null, provenAt: null },
        defaultRegistry: { state: 'off', code: null, detail: null, provenAt: null },
      }),
    ]);
  });

  it('tells entries with their notes, where they come from, and what is overruled', async () => {
    await stage.cast.admin.client(endpoints.putInstallationSetting, {
      name: 'registry.whitelist',
      body: {
        value: 'ghcr.io,quay.io,reg.corp',
        notes: { 'quay.io': 'for the operators' },
        acknowledged: true,
      },
    });
    await owner().client(endpoints.putSetting, {
      env,
      name: 'registry.whitelist',
      body: {
        value: 'ghcr.io/org,quay.io',
        notes: { 'ghcr.io/org': 'our own' },
        acknowledged: true,
      },
    });
    await putSetting(owner(), env, 'registry.default', 'reg.corp');
    await stage.cast.admin.client(endpoints.putInstallationSetting, {
      name: 'registry.whitelist',
      body: { value: 'ghcr.io,reg.corp', acknowledged: true },
    });
    const policy = await getPolicy(viewer(), env);
    expect(policy.mode).toBe('enforce');
    expect(policy.defaultRegistry).toBe('reg.corp');
    expect([...policy.entries].sort((a, b) => (a.entry < b.entry ? -1 : 1))).toEqual([
      { entry: 'ghcr.io/org', note: 'our own', from: 'environment', overruled: null },
      expect.objectContaining({ entry: 'quay.io', from: 'environment' }),
      { entry: 'reg.corp', note: '', from: 'installation', overruled: null },
    ]);
    expect(policy.entries.find(({ entry }) => entry === 'quay.io')?.overruled).toContain(
      "installation's whitelist",
    );
    expect(policy.overruled).toEqual([
      expect.objectContaining({ setting: 'registry.whitelist', value: 'quay.io' }),
    ]);
    await stage.cast.admin.client(endpoints.deleteInstallationSetting, {
      name: 'registry.whitelist',
      query: { acknowledged: 'true' },
    });
  });

  it('finds pods that a controller could not create, once per image, with their number', async () => {
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await untilHalf(viewer(), place(), { state: 'in-force' });
    for (const replicas of [1, 2]) {
      cluster.simulated.patch('deployments', 'team-a', 'old', { spec: { replicas } });
      await eventually(() => expect(cluster.simulated.list('events', 'team-a')).toHaveLength(1));
    }
    const answer = await eventually(async () => {
      const found = await viewer().client(endpoints.listStoppedImages, { env, query: {} });
      expect(found.items[0]?.count).toBe(2);
      return StoppedImages.strict().parse(found);
    });
    expect(answer.items).toEqual([
      expect.objectContaining({
        clusterId: cluster.id,
        namespace: 'team-a',
        workload: { kind: 'Deployment', name: 'old' },
        image: 'evil.io/old:1',
      }),
    ]);
    expect(answer.truncated).toBe(false);
    expect(answer.sources).toEqual([
      expect.objectContaining({
        clusterId: cluster.id,
        events: { state: 'read', detail: null },
        metrics: expect.objectContaining({ state: 'unavailable', refused: null }),
      }),
    ]);
    const query = { clusterId: cluster.id };
    const one = await viewer().client(endpoints.listStoppedImages, { env, query });
    expect(one.items).toHaveLength(1);
  });

  // Tenants of a cluster may write events in their own namespaces, with any words in them.
  it('leaves out what is said in a namespace that the environment does not serve', async () => {
    const [event] = cluster.simulated.list('events', 'team-a');
    if (event === undefined) throw new Error('no event to copy');
    cluster.simulated.createNamespace('strangers');
    cluster.simulated.apply({
      ...event,
      metadata: { name: 'forged', namespace: 'strangers' },
      involvedObject: { kind: 'Pod', name: 'call-this-number', namespace: 'strangers' },
    });
    const { items } = await viewer().client(endpoints.listStoppedImages, { env, query: {} });
    expect(items.map(({ namespace }) => namespace)).toEqual(['team-a']);
  });

  it('says of a cluster that does not answer what it knows and what not', async () => {
    const away = await stage.connect({ namespaces: ['team-z'] });
    await addTarget(stage, away.id, {
      namespaces: { include: ['team-z'], exclude: [], matchLabels: {} },
    });
    const there = { ...place(), clusterId: away.id };
    const { provenAt } = await untilHalf(viewer(), there, { state: 'in-force' });
    await away.simulated.setUnreachable('refused');
    const unreachable = await untilHalf(viewer(), there, { state: 'unreachable' });
    expect(unreachable).toMatchObject({ code: 'cluster.unreachable', provenAt });
    const query = { clusterId: away.id };
    const { sources } = await viewer().client(endpoints.listStoppedImages, { env, query });
    expect(sources).toEqual([
      expect.objectContaining({
        events: expect.objectContaining({ state: 'unreachable' }),
        metrics: expect.objectContaining({ state: 'unreachable', refused: null }),
      }),
    ]);
    await away.simulated.setUnreachable(undefined);
    await untilHalf(viewer(), there, { state: 'in-force' });
  });
});

describe('400', () => {
  it('a cluster id that is none', async () => {
    const query = { clusterId: 'east' };
    const problem = await problemOf(viewer().client(endpoints.listStoppedImages, { env, query }));
    expect(problem.code).toBe('request.invalid');
  });
});

describe('401', () => {
  it('nobody reads a policy without signing in', async () => {
    const nobody = { client: clientOf(stage.harness) };
    expect((await problemOf(getPolicy(nobody, env))).status).toBe(401);
    const stopped = nobody.client(endpoints.listStoppedImages, { env, query: {} });
    expect((await problemOf(stopped)).status).toBe(401);
  });
});

describe('404', () => {
  it('an environment that the caller may not know, and a cluster that is not one of it', async () => {
    const { stranger } = stage.cast;
    expect((await problemOf(getPolicy(stranger, env))).status).toBe(404);
    const query = { clusterId: randomUUID() };
    const stopped = viewer().client(endpoints.listStoppedImages, { env, query });
    expect((await problemOf(stopped)).status).toBe(404);
  });
});
