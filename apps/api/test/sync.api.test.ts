import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addRegistry,
  addTarget,
  authsIn,
  type ConnectedCluster,
  eventually,
  expectedAuth,
  getTarget,
  pullSecretsOf,
  type Stage,
  settled,
  startStage,
} from './sync-stage.js';

let stage: Stage;
let secretName: string;
beforeAll(async () => {
  stage = await startStage();
  secretName = `moorage-${stage.cast.environment.name}`;
  await addRegistry(stage, { address: 'quay.io', username: 'robot', password: 'first-quay' });
});
afterAll(() => stage.close());

const namespaces = ['team-a', 'team-b', 'team-c'];
const served = ['default', ...namespaces];

async function serve(options: Parameters<typeof addTarget>[2] = {}) {
  const cluster = await stage.connect({ namespaces });
  const target = await addTarget(stage, cluster.id, options);
  await settled(stage, target.id);
  return { cluster, target };
}

const secretIn = ({ simulated }: ConnectedCluster, namespace: string, name = secretName) =>
  simulated.get('secrets', namespace, name);
const accountIn = ({ simulated }: ConnectedCluster, namespace: string, name = 'default') =>
  simulated.get('serviceaccounts', namespace, name);
const writes = ({ simulated }: ConnectedCluster) =>
  simulated.requests.records().filter(({ method }) => method !== 'GET');

describe('a new target', () => {
  it('has its Secret and entry in every selected namespace with two writes each and no GET', async () => {
    const { cluster } = await serve();
    for (const namespace of served) {
      expect(authsIn(secretIn(cluster, namespace))).toEqual({
        'quay.io': expectedAuth('robot', 'first-quay'),
      });
      expect(pullSecretsOf(accountIn(cluster, namespace))).toEqual([secretName]);
    }
    expect(secretIn(cluster, 'kube-system')).toBeUndefined();
    expect(writes(cluster)).toHaveLength(2 * served.length);
    const gets = cluster.simulated.requests.count(
      ({ verb, resource }) => verb === 'get' && resource !== '',
    );
    expect(gets).toBe(0);
  });

  it('marks what it makes and says who it is', async () => {
    const { cluster, target } = await serve();
    const secret = secretIn(cluster, 'team-a');
    expect(secret?.type).toBe('kubernetes.io/dockerconfigjson');
    expect(secret?.metadata.labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'moorage',
      'moorage.dev/environment': stage.cast.environment.id,
    });
    expect(secret?.metadata.annotations).toMatchObject({ 'moorage.dev/target': target.id });
    const agents = new Set(cluster.simulated.requests.records().map((r) => r.userAgent));
    expect([...agents]).toEqual([expect.stringMatching(/^moorage\/\S+ \(sync\)$/)]);
  });

  it('writes nothing when it is asked to sync again', async () => {
    const { cluster, target } = await serve();
    cluster.simulated.requests.clear();
    const env = stage.cast.environment.id;
    const before = (await getTarget(stage, target.id)).status.lastSyncedAt;
    await stage.cast.owner.client(endpoints.syncTarget, { env, targetId: target.id });
    await eventually(async () => {
      const { lastSyncedAt } = (await getTarget(stage, target.id)).status;
      expect(lastSyncedAt).not.toBe(before);
    });
    expect(cluster.simulated.requests.records()).toEqual([]);
  });
});

describe('while it runs', () => {
  it('serves a namespace that is created meanwhile', async () => {
    const { cluster } = await serve();
    cluster.simulated.createNamespace('late');
    await eventually(() => {
      expect(authsIn(secretIn(cluster, 'late'))).toBeDefined();
      expect(pullSecretsOf(accountIn(cluster, 'late'))).toEqual([secretName]);
    }, 1_000);
  });

  it('repairs an edited and a deleted Secret with one write each', async () => {
    const { cluster } = await serve();
    const good = authsIn(secretIn(cluster, 'team-a'));
    const uid = secretIn(cluster, 'team-a')?.metadata.uid;
    cluster.simulated.requests.clear();
    cluster.simulated.editSecret('team-a', secretName, { '.dockerconfigjson': '{"auths":{}}' });
    await eventually(() => expect(authsIn(secretIn(cluster, 'team-a'))).toEqual(good));
    expect(secretIn(cluster, 'team-a')?.metadata.uid).toBe(uid);
    cluster.simulated.deleteSecret('team-b', secretName);
    await eventually(() => expect(authsIn(secretIn(cluster, 'team-b'))).toEqual(good));
    expect(writes(cluster).map(({ verb }) => verb)).toEqual(['patch', 'create']);
  });

  it('keeps the entries of others and their order', async () => {
    const { cluster } = await serve();
    cluster.simulated.patch('serviceaccounts', 'team-a', 'default', {
      imagePullSecrets: [{ name: 'z-mine' }, { name: 'a-mine' }],
    });
    await eventually(() =>
      expect(pullSecretsOf(accountIn(cluster, 'team-a'))).toEqual(['z-mine', 'a-mine', secretName]),
    );
  });

  it('leaves a namespace whose owner opts out, and comes back', async () => {
    const { cluster, target } = await serve();
    const ignore = (value: string | null) =>
      cluster.simulated.patch('namespaces', '', 'team-a', {
        metadata: { annotations: { 'moorage.dev/ignore': value } },
      });
    ignore('true');
    await eventually(() => expect(secretIn(cluster, 'team-a')).toBeUndefined());
    expect(pullSecretsOf(accountIn(cluster, 'team-a'))).toEqual([]);
    await eventually(async () => {
      const env = stage.cast.environment.id;
      const page = await stage.cast.owner.client(endpoints.listTargetNamespaces, {
        env,
        targetId: target.id,
        query: { state: 'ignored' },
      });
      expect(page.items).toEqual([
        expect.objectContaining({ namespace: 'team-a', code: 'namespace.opted-out' }),
      ]);
    });
    ignore(null);
    await eventually(() => expect(authsIn(secretIn(cluster, 'team-a'))).toBeDefined());
  });

  it('catches up with an unreachable cluster when it comes back, and says that it was away', async () => {
    const { cluster, target } = await serve();
    await cluster.simulated.setUnreachable('refused');
    const { admin } = stage.cast;
    await eventually(async () => {
      const row = await admin.client(endpoints.getCluster, { clusterId: cluster.id });
      expect(row.reachable).toBe(false);
      expect(row.lastError?.code).toMatch(/^cluster\./);
    });
    await addTarget(stage, cluster.id, { secretName: 'second' });
    await cluster.simulated.setUnreachable(undefined);
    await eventually(
      () => expect(authsIn(secretIn(cluster, 'team-a', 'second'))).toBeDefined(),
      20_000,
    );
    await eventually(async () => {
      const row = await admin.client(endpoints.getCluster, { clusterId: cluster.id });
      expect(row).toMatchObject({ reachable: true, lastError: null });
    });
    await settled(stage, target.id);
  });
});

describe('changes of credentials', () => {
  it('update every Secret in place with one write per namespace, and fall back', async () => {
    const { cluster, target } = await serve();
    const uids = namespaces.map((name) => secretIn(cluster, name)?.metadata.uid);
    const env = stage.cast.environment.id;
    const registry = await addRegistry(stage, {
      address: 'ghcr.io',
      username: 'u',
      password: 'one',
    });
    const holds = (password: string | null) =>
      eventually(() => {
        for (const namespace of served) {
          const held = authsIn(secretIn(cluster, namespace))?.['ghcr.io']?.password ?? null;
          expect(held).toBe(password);
        }
      });
    await holds('one');
    cluster.simulated.requests.clear();
    const second = await stage.cast.owner.client(endpoints.createCredential, {
      env,
      registryId: registry.id,
      body: { username: 'u', password: 'two' },
    });
    await holds('two');
    await settled(stage, target.id);
    expect(writes(cluster).map(({ verb }) => verb)).toEqual(served.map(() => 'patch'));
    expect(namespaces.map((name) => secretIn(cluster, name)?.metadata.uid)).toEqual(uids);
    await stage.cast.owner.client(endpoints.disableCredential, {
      env,
      registryId: registry.id,
      credentialId: second.id,
    });
    await holds('one');
    await stage.cast.owner.client(endpoints.deleteRegistry, { env, registryId: registry.id });
    await holds(null);
  });
});

describe('a removed target', () => {
  it('takes its Secrets and entries with it and nothing else, then disappears', async () => {
    const { cluster, target } = await serve();
    cluster.simulated.patch('serviceaccounts', 'team-a', 'default', {
      imagePullSecrets: [{ name: 'mine' }, { name: secretName }],
    });
    const env = stage.cast.environment.id;
    await stage.cast.owner.client(endpoints.deleteTarget, { env, targetId: target.id });
    await eventually(async () => {
      const page = await stage.cast.owner.client(endpoints.listTargets, {
        env,
        query: { clusterId: cluster.id },
      });
      expect(page.items).toEqual([]);
    });
    for (const namespace of served) expect(secretIn(cluster, namespace)).toBeUndefined();
    expect(pullSecretsOf(accountIn(cluster, 'team-a'))).toEqual(['mine']);
    expect(pullSecretsOf(accountIn(cluster, 'team-b'))).toEqual([]);
  });
});

describe('a foreign Secret of our name', () => {
  it('stays as it is and shows as a conflict, until people adopt it', async () => {
    const cluster = await stage.connect({ namespaces });
    const foreign = cluster.simulated.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/dockerconfigjson',
      metadata: { name: secretName, namespace: 'team-b' },
      data: { '.dockerconfigjson': Buffer.from('{"auths":{"x":{}}}').toString('base64') },
    });
    const target = await addTarget(stage, cluster.id);
    const env = stage.cast.environment.id;
    await eventually(async () => {
      const { status } = await getTarget(stage, target.id);
      expect(status).toMatchObject({ namespaces: 4, inSync: 3, conflicts: 1 });
    });
    expect(secretIn(cluster, 'team-b')).toEqual(foreign);
    expect(pullSecretsOf(accountIn(cluster, 'team-b'))).toEqual([]);
    const decided = await stage.cast.owner.client(endpoints.adoptSecret, {
      env,
      targetId: target.id,
      body: { namespace: 'team-b', choice: 'adopt' },
    });
    expect(decided.conflictChoice).toBe('adopt');
    await settled(stage, target.id);
    expect(secretIn(cluster, 'team-b')?.metadata.uid).toBe(foreign.metadata.uid);
    expect(authsIn(secretIn(cluster, 'team-b'))).toHaveProperty('quay.io');
    expect(pullSecretsOf(accountIn(cluster, 'team-b'))).toEqual([secretName]);
  });

  // Its type cannot be changed: what got into it could neither be used nor be taken out again.
  it('of another type is not adopted, and no login gets into it', async () => {
    const cluster = await stage.connect({ namespaces });
    const metadata = { name: secretName, namespace: 'team-b' };
    const data = { own: 'eA==' };
    const foreign = cluster.simulated.apply({ apiVersion: 'v1', kind: 'Secret', metadata, data });
    const target = await addTarget(stage, cluster.id);
    const env = stage.cast.environment.id;
    const at = { env, targetId: target.id };
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).status.conflicts).toBe(1);
    });
    const body = { namespace: 'team-b', choice: 'adopt' } as const;
    await stage.cast.owner.client(endpoints.adoptSecret, { ...at, body });
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).status).toMatchObject({ inSync: 3, failed: 1 });
    });
    expect(secretIn(cluster, 'team-b')).toEqual(foreign);
  });

  it('is written in its place once the foreign one is gone', async () => {
    const cluster = await stage.connect({ namespaces });
    const metadata = { name: secretName, namespace: 'team-b' };
    cluster.simulated.apply({ apiVersion: 'v1', kind: 'Secret', metadata });
    const target = await addTarget(stage, cluster.id);
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).status.conflicts).toBe(1);
    });
    cluster.simulated.deleteSecret('team-b', secretName);
    const env = stage.cast.environment.id;
    await stage.cast.owner.client(endpoints.syncTarget, { env, targetId: target.id });
    await settled(stage, target.id);
    expect(authsIn(secretIn(cluster, 'team-b'))).toHaveProperty('quay.io');
  });

  it('in a new namespace gets no reference, although both writes are made at once', async () => {
    const { cluster, target } = await serve();
    let met = false;
    cluster.simulated.faults.setInterceptor(({ verb, resource, namespace }) => {
      if (verb === 'create' && resource === 'secrets' && namespace === 'late' && !met) {
        met = true;
        const metadata = { name: secretName, namespace };
        cluster.simulated.apply({ apiVersion: 'v1', kind: 'Secret', metadata });
      }
      return 'pass';
    });
    cluster.simulated.createNamespace('late');
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).status.conflicts).toBe(1);
    });
    cluster.simulated.faults.setInterceptor(undefined);
    await eventually(() => expect(pullSecretsOf(accountIn(cluster, 'late'))).toEqual([]));
    expect(secretIn(cluster, 'late')?.metadata.labels).toBeUndefined();
  });
});
