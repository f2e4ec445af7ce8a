import { endpoints, Plan, Target, TargetNamespace } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildEnvironment } from './factories.js';
import { problemOf } from './harness.js';
import {
  addRegistry,
  addTarget,
  authsIn,
  type ConnectedCluster,
  eventually,
  getTarget,
  pullSecretsOf,
  type Stage,
  settled,
  startStage,
} from './sync-stage.js';

let stage: Stage;
let env: string;
let secretName: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
  secretName = `moorage-${stage.cast.environment.name}`;
  await addRegistry(stage, { address: 'quay.io', username: 'robot', password: 'planted-9d21' });
});
afterAll(() => stage.close());

const admin = () => stage.cast.admin.client;
const owner = () => stage.cast.owner.client;
const missing = '00000000-0000-4000-8000-000000000000';
const namespaces = ['team-a', 'team-b'];
const teams = { include: ['team-*'], exclude: [], matchLabels: {} };

async function grant(cluster: ConnectedCluster, globs: string[]): Promise<void> {
  const body = [{ environmentId: env, namespaces: globs }];
  await admin()(endpoints.putGrants, { clusterId: cluster.id, body });
}

describe('200 and 201', () => {
  it('gives a target its defaults, in the declared shape', async () => {
    const cluster = await stage.connect({ namespaces });
    const created = await addTarget(stage, cluster.id);
    expect(Target.strict().parse(created)).toMatchObject({
      namespaces: { include: ['*'], exclude: ['kube-*'], matchLabels: {} },
      serviceAccounts: 'default',
      secretName,
      attach: 'service-account',
      nodeConfig: { enabled: false, state: null },
      state: 'active',
    });
    const done = await settled(stage, created.id);
    expect(done.status).toMatchObject({ namespaces: 3, inSync: 3, failed: 0, conflicts: 0 });
  });

  it('plans a target before it exists, without any value, and writes nothing', async () => {
    const cluster = await stage.connect({ namespaces });
    cluster.simulated.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secretName, namespace: 'team-b' },
    });
    cluster.simulated.requests.clear();
    const body = { clusterId: cluster.id, namespaces: teams };
    const plan = await admin()(endpoints.planNewTarget, { env, body });
    expect(Plan.strict().parse(plan).summary).toEqual({
      create: 1,
      update: 0,
      delete: 0,
      attach: 1,
      detach: 0,
      unchanged: 0,
      conflicts: 1,
    });
    expect(plan.changes).toEqual([
      expect.objectContaining({ namespace: 'team-a', object: 'secret', action: 'create' }),
      expect.objectContaining({ namespace: 'team-a', object: 'service-account', action: 'attach' }),
    ]);
    expect(plan.conflicts).toEqual([
      expect.objectContaining({ namespace: 'team-b', name: secretName }),
    ]);
    expect(plan.entries).toEqual([
      { key: 'quay.io', address: 'quay.io', scope: '', username: 'robot' },
    ]);
    expect(JSON.stringify(plan)).not.toContain('planted-9d21');
    expect(cluster.simulated.requests.count(({ method }) => method !== 'GET')).toBe(0);
  });

  it('plans nothing for a target that is in sync, and the deletions of one that is narrowed', async () => {
    const cluster = await stage.connect({ namespaces });
    const target = await addTarget(stage, cluster.id, { namespaces: teams });
    await settled(stage, target.id);
    const plan = await owner()(endpoints.planTarget, { env, targetId: target.id });
    expect(plan.changes).toEqual([]);
    expect(plan.summary.unchanged).toBe(2);
    const body = { namespaces: { ...teams, include: ['team-a'] } };
    await admin()(endpoints.updateTarget, { env, targetId: target.id, body });
    await eventually(() =>
      expect(cluster.simulated.get('secrets', 'team-b', secretName)).toBeUndefined(),
    );
    expect(authsIn(cluster.simulated.get('secrets', 'team-a', secretName))).toBeDefined();
  });

  it('serves the chosen service accounts, and leaves those that are no longer chosen', async () => {
    const cluster = await stage.connect({ namespaces });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount' };
    cluster.simulated.apply({ ...account, metadata: { name: 'builder', namespace: 'team-a' } });
    const target = await addTarget(stage, cluster.id, {
      namespaces: teams,
      serviceAccounts: 'all',
    });
    const names = (name: string) =>
      pullSecretsOf(cluster.simulated.get('serviceaccounts', 'team-a', name));
    await settled(stage, target.id);
    expect([names('default'), names('builder')]).toEqual([[secretName], [secretName]]);
    const choose = (serviceAccounts: 'default' | 'none' | string[]) =>
      admin()(endpoints.updateTarget, { env, targetId: target.id, body: { serviceAccounts } });
    await choose(['builder']);
    await eventually(() =>
      expect([names('default'), names('builder')]).toEqual([[], [secretName]]),
    );
    await choose('default');
    await eventually(() =>
      expect([names('default'), names('builder')]).toEqual([[secretName], []]),
    );
    await choose('none');
    await eventually(() => expect([names('default'), names('builder')]).toEqual([[], []]));
    expect(cluster.simulated.get('secrets', 'team-a', secretName)).toBeDefined();
  });

  it('renames the Secret everywhere, the service accounts with it', async () => {
    const cluster = await stage.connect({ namespaces });
    const target = await addTarget(stage, cluster.id, { namespaces: teams });
    await settled(stage, target.id);
    const body = { secretName: 'pulls' };
    await admin()(endpoints.updateTarget, { env, targetId: target.id, body });
    await eventually(() => {
      for (const namespace of namespaces) {
        expect(cluster.simulated.get('secrets', namespace, secretName)).toBeUndefined();
        expect(cluster.simulated.get('secrets', namespace, 'pulls')).toBeDefined();
        const account = cluster.simulated.get('serviceaccounts', namespace, 'default');
        expect(pullSecretsOf(account)).toEqual(['pulls']);
      }
    });
  });

  it('selects namespaces by label as the labels come and go', async () => {
    const cluster = await stage.connect({ namespaces });
    const selection = { include: ['*'], exclude: [], matchLabels: { tier: 'prod' } };
    await addTarget(stage, cluster.id, { namespaces: selection });
    const secret = () => cluster.simulated.get('secrets', 'team-a', secretName);
    const label = (tier: string | null) =>
      cluster.simulated.patch('namespaces', '', 'team-a', { metadata: { labels: { tier } } });
    label('prod');
    await eventually(() => expect(secret()).toBeDefined());
    label(null);
    await eventually(() => expect(secret()).toBeUndefined());
  });

  it('skips a namespace on request and lists why', async () => {
    const cluster = await stage.connect({ namespaces });
    cluster.simulated.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secretName, namespace: 'team-b' },
    });
    const target = await addTarget(stage, cluster.id, { namespaces: teams });
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).status.conflicts).toBe(1);
    });
    const body = { namespace: 'team-b', choice: 'skip' } as const;
    await owner()(endpoints.adoptSecret, { env, targetId: target.id, body });
    await eventually(async () => {
      const query = { state: 'ignored' } as const;
      const page = await owner()(endpoints.listTargetNamespaces, {
        env,
        targetId: target.id,
        query,
      });
      expect(page.items.map((item) => TargetNamespace.strict().parse(item))).toEqual([
        expect.objectContaining({ code: 'secret.skipped', conflictChoice: 'skip' }),
      ]);
    });
  });

  it('delivers node config where it is asked for, and takes it away again', async () => {
    const cluster = await stage.connect();
    const target = await addTarget(stage, cluster.id, {
      nodeConfig: { enabled: true, distribution: 'k3s' },
    });
    const place = () => cluster.simulated.get('secrets', 'moorage-system', 'moorage-node-config');
    await eventually(async () => {
      const { nodeConfig } = await getTarget(stage, target.id);
      expect(nodeConfig).toMatchObject({ state: 'in-sync', error: null });
    });
    const data = (place()?.data ?? {}) as Record<string, string>;
    const yaml = Buffer.from(data['registries.yaml'] ?? '', 'base64').toString('utf8');
    expect(yaml).toContain('quay.io');
    expect(yaml).toContain('planted-9d21');
    expect(Object.keys(data)).toEqual(['hosts.toml.quay.io', 'registries.yaml']);
    expect(place()?.metadata).toMatchObject({
      labels: { 'moorage.dev/environment': env },
      annotations: { 'moorage.dev/distribution': 'k3s' },
    });
    const again = await problemOf(
      addTarget(stage, cluster.id, {
        secretName: 'second',
        nodeConfig: { enabled: true, distribution: 'k3s' },
      }),
    );
    expect(again).toMatchObject({ status: 409, code: 'node-config.owned' });
    const body = { nodeConfig: { enabled: false, distribution: 'k3s' } } as const;
    await admin()(endpoints.updateTarget, { env, targetId: target.id, body });
    await eventually(() => expect(place()).toBeUndefined());
  });

  it('says that a node config is too large for nodes, and leaves them what they have', async () => {
    const cluster = await stage.connect();
    const large = await buildEnvironment(stage.harness);
    const body = {
      clusterId: cluster.id,
      nodeConfig: { enabled: true, distribution: 'k3s' },
    } as const;
    const target = await admin()(endpoints.createTarget, { env: large.id, body });
    const place = () => cluster.simulated.get('secrets', 'moorage-system', 'moorage-node-config');
    const nodeConfig = async () =>
      (await admin()(endpoints.getTarget, { env: large.id, targetId: target.id })).nodeConfig;
    await eventually(async () => expect(await nodeConfig()).toMatchObject({ state: 'in-sync' }));
    const before = place()?.data;
    const endpointsOf = (mirror: number) =>
      Array.from(
        { length: 50 },
        (_, index) => `https://${mirror}.example.com/${index}${'x'.repeat(1900)}`,
      );
    for (let mirror = 0; mirror < 6; mirror += 1) {
      await admin()(endpoints.createMirror, {
        env: large.id,
        body: { registry: `${mirror}.example.org`, endpoints: endpointsOf(mirror), rewrites: [] },
      });
    }
    await eventually(async () => {
      const { state, error } = await nodeConfig();
      expect(state).toBe('failed');
      expect(error).toMatch(/^registries\.yaml takes \d+ bytes; nodes are given 524288 at most/);
    });
    const { changes, warnings } = await admin()(endpoints.planTarget, {
      env: large.id,
      targetId: target.id,
    });
    expect(changes.filter(({ object }) => object === 'node-config')).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'node-config.too-large' }]);
    const query = { limit: 50 };
    const { items } = await admin()(endpoints.listMirrors, { env: large.id, query });
    // What was there last still fits: five of the six are within the limit.
    expect(Object.keys(place()?.data ?? {})).toContain('hosts.toml.4.example.org');
    for (const { id } of items) {
      await admin()(endpoints.deleteMirror, { env: large.id, mirrorId: id });
    }
    await eventually(() => expect(Object.keys(place()?.data ?? {})).toEqual(['registries.yaml']));
    expect(place()?.data).toEqual(before);
    await eventually(async () => expect(await nodeConfig()).toMatchObject({ state: 'in-sync' }));
  });

  it('lets two environments share a namespace, each with its own Secret', async () => {
    const cluster = await stage.connect({ namespaces });
    const other = await buildEnvironment(stage.harness);
    await addTarget(stage, cluster.id, { namespaces: teams });
    const body = { clusterId: cluster.id, namespaces: teams };
    const second = await admin()(endpoints.createTarget, { env: other.id, body });
    const names = () =>
      pullSecretsOf(cluster.simulated.get('serviceaccounts', 'team-a', 'default')).sort();
    await eventually(() => expect(names()).toEqual([secretName, `moorage-${other.name}`].sort()));
    expect(authsIn(cluster.simulated.get('secrets', 'team-a', `moorage-${other.name}`))).toEqual(
      {},
    );
    await admin()(endpoints.deleteTarget, { env: other.id, targetId: second.id });
    await eventually(() => expect(names()).toEqual([secretName]));
  });

  it('takes the Secrets of a removed environment away before the environment goes', async () => {
    const cluster = await stage.connect({ namespaces });
    const other = await buildEnvironment(stage.harness);
    const body = { clusterId: cluster.id, namespaces: teams };
    const target = await admin()(endpoints.createTarget, { env: other.id, body });
    const secret = () => cluster.simulated.get('secrets', 'team-a', `moorage-${other.name}`);
    await eventually(() => expect(secret()).toBeDefined());
    await admin()(endpoints.deleteEnvironment, { env: other.id });
    await eventually(async () => {
      const gone = await problemOf(admin()(endpoints.getEnvironment, { env: other.id }));
      expect(gone.status).toBe(404);
    });
    expect(secret()).toBeUndefined();
    expect(target.state).toBe('active');
  });
});

describe('403', () => {
  it('refuses an owner a cluster that was not granted, the same as one that does not exist', async () => {
    const cluster = await stage.connect();
    for (const clusterId of [cluster.id, missing]) {
      const body = { clusterId };
      const created = await problemOf(owner()(endpoints.createTarget, { env, body }));
      const planned = await problemOf(owner()(endpoints.planNewTarget, { env, body }));
      for (const problem of [created, planned]) {
        expect(problem).toMatchObject({ status: 403, code: 'target.not-granted' });
      }
    }
  });

  it('keeps an owner within the granted namespaces, whatever the target selects', async () => {
    const cluster = await stage.connect({ namespaces });
    await grant(cluster, ['team-b']);
    const target = await owner()(endpoints.createTarget, { env, body: { clusterId: cluster.id } });
    await settled(stage, target.id);
    const served = cluster.simulated.list('secrets').map((s) => s.metadata.namespace);
    expect(served).toEqual(['team-b']);
  });

  it('lets members and viewers look, and refuses them every change', async () => {
    const cluster = await stage.connect();
    const { id: targetId } = await addTarget(stage, cluster.id);
    for (const { client } of [stage.cast.member, stage.cast.viewer]) {
      expect((await client(endpoints.getTarget, { env, targetId })).id).toBe(targetId);
      expect((await client(endpoints.planTarget, { env, targetId })).truncated).toBe(false);
      for (const call of [
        () => client(endpoints.createTarget, { env, body: { clusterId: cluster.id } }),
        () => client(endpoints.updateTarget, { env, targetId, body: {} }),
        () => client(endpoints.syncTarget, { env, targetId }),
        () => client(endpoints.deleteTarget, { env, targetId }),
      ]) {
        expect(await problemOf(call())).toMatchObject({ status: 403, code: 'permission.denied' });
      }
    }
  });
});

describe('404, 409, 412', () => {
  it('does not show a target to a stranger or under another environment', async () => {
    const cluster = await stage.connect();
    const { id: targetId } = await addTarget(stage, cluster.id);
    const stranger = stage.cast.stranger.client;
    const hidden = await problemOf(stranger(endpoints.getTarget, { env, targetId }));
    expect(hidden.status).toBe(404);
    const other = await buildEnvironment(stage.harness);
    for (const call of [
      () => admin()(endpoints.getTarget, { env: other.id, targetId }),
      () => admin()(endpoints.deleteTarget, { env: other.id, targetId }),
      () => admin()(endpoints.syncTarget, { env: other.id, targetId }),
      () => admin()(endpoints.planTarget, { env, targetId: missing }),
    ]) {
      expect(await problemOf(call())).toMatchObject({ status: 404, code: 'object.not-found' });
    }
  });

  it('refuses a second target of the same Secret, a stale version, and a choice without a conflict', async () => {
    const cluster = await stage.connect({ namespaces });
    const target = await addTarget(stage, cluster.id);
    const twice = await problemOf(addTarget(stage, cluster.id));
    expect(twice).toMatchObject({ status: 409, code: 'target.exists' });
    const update = { env, targetId: target.id, body: { attach: 'none' as const }, ifMatch: 99 };
    const stale = await problemOf(admin()(endpoints.updateTarget, update));
    expect(stale).toMatchObject({ status: 412, code: 'object.stale' });
    await settled(stage, target.id);
    const body = { namespace: 'team-a', choice: 'adopt' } as const;
    const choice = await problemOf(
      owner()(endpoints.adoptSecret, { env, targetId: target.id, body }),
    );
    expect(choice).toMatchObject({ status: 409, code: 'target.no-conflict' });
  });

  it('says that a cluster does not answer when a plan needs it', async () => {
    const cluster = await stage.connect();
    await cluster.simulated.setUnreachable('refused');
    const body = { clusterId: cluster.id };
    const problem = await problemOf(admin()(endpoints.planNewTarget, { env, body }));
    expect(problem).toMatchObject({ status: 503, code: 'cluster.unreachable' });
  });
});
