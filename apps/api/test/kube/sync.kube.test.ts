import { endpoints } from '@moorage/contract';
import {
  countRequests,
  hasParts,
  type RequestTotal,
  readVerbs,
  subtractTotals,
  writeVerbs,
} from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addRegistry,
  addTarget,
  eventually,
  expectedAuth,
  getTarget,
  type Login,
  settled,
} from '../sync-stage.js';
import {
  patch,
  post,
  type RealStage,
  readAccount,
  readAuths,
  readPullSecrets,
  readSecret,
  startRealStage,
} from './real-cluster.js';

const gcrKey = JSON.stringify({
  type: 'service_account',
  project_id: 'example-project',
  private_key_id: '0123456789abcdef',
  private_key: '-----BEGIN PRIVATE KEY-----\nnot "really" one\n-----END PRIVATE KEY-----\n',
  client_email: 'puller@example-project.iam.gserviceaccount.com',
  client_id: '1',
});
const logins: readonly (Login & { key: string })[] = [
  {
    address: 'docker.io',
    key: 'https://index.docker.io/v1/',
    username: 'hubuser',
    password: 'hub:pass',
  },
  { address: 'quay.io', key: 'quay.io', username: 'org+robot', password: 'quäy-ünïcode' },
  {
    address: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
    key: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
    username: 'AWS',
    password: 'x'.repeat(2_000),
  },
  { address: 'gcr.io', key: 'gcr.io', username: '_json_key', password: gcrKey },
  {
    address: 'registry.example.com:5000',
    key: 'registry.example.com:5000',
    username: 'u',
    password: 'p',
  },
];
const expected = Object.fromEntries(
  logins.map(({ key, username, password }) => [key, expectedAuth(username, password)]),
);
const namespaces = ['team-a', 'team-b', 'team-c', 'team-d'];

describe.skipIf(!hasParts('kubernetes'))('sync with a real API server', () => {
  let real: RealStage;
  let env: string;
  let secretName: string;
  let targetId: string;
  beforeAll(async () => {
    real = await startRealStage();
    env = real.stage.cast.environment.id;
    secretName = `moorage-${real.stage.cast.environment.name}`;
    await real.kubernetes.createNamespaces(namespaces);
    for (const { key: _key, ...login } of logins) await addRegistry(real.stage, login);
  });
  afterAll(() => real?.close());

  const selected = { include: ['team-*', 'late-*'], exclude: [], matchLabels: {} };
  const owner = () => real.stage.cast.owner.client;

  async function holdsEverywhere(key: string, password: string | null): Promise<void> {
    await eventually(async () => {
      for (const namespace of namespaces) {
        const auths = await readAuths(real, namespace, secretName);
        expect(auths?.[key]?.password ?? null).toBe(password);
      }
    });
  }

  /**
   * What the server has counted while `work` ran, of Secrets and service accounts only. It gets our
   * own service account itself now and then, to check our token; that is not a request of ours.
   */
  async function counted(work: () => Promise<unknown>): Promise<readonly RequestTotal[]> {
    const before = await real.kubernetes.requestTotals();
    await work();
    const after = subtractTotals(await real.kubernetes.requestTotals(), before);
    return after.filter(
      ({ resource, verb }) =>
        resource === 'secrets' || (resource === 'serviceaccounts' && verb !== 'GET'),
    );
  }

  it('writes exactly the credentials into every namespace, with two writes each and no read', async () => {
    const totals = await counted(async () => {
      const target = await addTarget(real.stage, real.clusterId, { namespaces: selected });
      targetId = target.id;
      await settled(real.stage, targetId);
    });
    expect(countRequests(totals, { verbs: writeVerbs })).toBe(2 * namespaces.length);
    expect(countRequests(totals, { verbs: readVerbs })).toBe(0);
    for (const namespace of namespaces) {
      expect(await readAuths(real, namespace, secretName)).toEqual(expected);
      expect(await readPullSecrets(real, namespace)).toEqual([secretName]);
    }
  });

  it('writes nothing and reads nothing when it is asked to sync again', async () => {
    const before = (await getTarget(real.stage, targetId)).status.lastSyncedAt;
    const totals = await counted(async () => {
      await owner()(endpoints.syncTarget, { env, targetId });
      await eventually(async () => {
        expect((await getTarget(real.stage, targetId)).status.lastSyncedAt).not.toBe(before);
      });
    });
    expect(totals).toEqual([]);
  });

  it('rotates in place with one write per namespace, falls back, and drops a deleted registry', async () => {
    const page = await owner()(endpoints.listRegistries, { env, query: { q: 'quay.io' } });
    const registryId = page.items[0]?.id ?? '';
    const uids = await Promise.all(
      namespaces.map(async (name) => (await readSecret(real, name, secretName))?.metadata.uid),
    );
    let credentialId = '';
    const rotation = async () => {
      const added = await owner()(endpoints.createCredential, {
        env,
        registryId,
        body: { username: 'org+robot', password: 'second' },
      });
      credentialId = added.id;
      await eventually(async () => {
        const { items } = await owner()(endpoints.listTargetNamespaces, {
          env,
          targetId,
          query: {},
        });
        expect(items.every((item) => item.state === 'in-sync')).toBe(true);
        const { status } = await getTarget(real.stage, targetId);
        expect(Date.parse(status.lastSyncedAt ?? '')).toBeGreaterThan(Date.parse(added.createdAt));
      });
    };
    const totals = await counted(rotation);
    await holdsEverywhere('quay.io', 'second');
    expect(countRequests(totals, { verbs: writeVerbs })).toBe(namespaces.length);
    expect(countRequests(totals, { verbs: readVerbs })).toBe(0);
    const after = await Promise.all(
      namespaces.map(async (name) => (await readSecret(real, name, secretName))?.metadata.uid),
    );
    expect(after).toEqual(uids);
    await owner()(endpoints.disableCredential, { env, registryId, credentialId });
    await holdsEverywhere('quay.io', 'quäy-ünïcode');
    await owner()(endpoints.deleteRegistry, { env, registryId });
    await holdsEverywhere('quay.io', null);
    await settled(real.stage, targetId);
  });

  it('serves a namespace that is created meanwhile within a second', async () => {
    const startedAt = performance.now();
    await real.kubernetes.createNamespace('late-1');
    await eventually(async () => {
      expect(await readAuths(real, 'late-1', secretName)).toBeDefined();
      expect(await readPullSecrets(real, 'late-1')).toEqual([secretName]);
    }, 1_000);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('repairs an edited and a deleted copy with one write each', async () => {
    await settled(real.stage, targetId);
    const good = await readAuths(real, 'team-a', secretName);
    const path = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets/${secretName}`;
    const totals = await counted(async () => {
      const bad = Buffer.from('{"auths":{}}').toString('base64');
      await patch(real, path('team-a'), { data: { '.dockerconfigjson': bad } });
      await real.kubernetes.call({ method: 'DELETE', path: path('team-b') });
      await eventually(async () => {
        const inA = await readAuths(real, 'team-a', secretName);
        const inB = await readAuths(real, 'team-b', secretName);
        expect([inA, inB]).toEqual([good, good]);
      });
    });
    // Two by the hand that edits and deletes, two by us.
    expect(countRequests(totals, { verbs: writeVerbs })).toBe(4);
  });

  it('survives edits of the service account at the same moment, keeping every entry', async () => {
    const path = '/api/v1/namespaces/team-c/serviceaccounts/default';
    for (let round = 0; round < 20; round += 1) {
      await patch(real, path, { imagePullSecrets: [{ name: 'mine' }, { name: `other-${round}` }] });
    }
    await eventually(async () => {
      expect(await readPullSecrets(real, 'team-c')).toEqual(['mine', 'other-19', secretName]);
    });
  });

  it('leaves a foreign Secret of its name as it is, byte for byte, and shows a conflict', async () => {
    await real.kubernetes.createNamespace('foreign');
    await post(real, '/api/v1/namespaces/foreign/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: secretName, annotations: { keep: 'me' } },
      data: { mine: Buffer.from('untouched').toString('base64') },
    });
    const before = await readSecret(real, 'foreign', secretName);
    await real.stage.cast.admin.client(endpoints.updateTarget, {
      env,
      targetId,
      body: { namespaces: { ...selected, include: [...selected.include, 'foreign'] } },
    });
    await eventually(async () => {
      const query = { state: 'conflict' } as const;
      const { items } = await owner()(endpoints.listTargetNamespaces, { env, targetId, query });
      expect(items).toEqual([
        expect.objectContaining({ namespace: 'foreign', code: 'secret.foreign' }),
      ]);
    });
    expect(await readSecret(real, 'foreign', secretName)).toEqual(before);
    expect(await readPullSecrets(real, 'foreign')).toEqual([]);
  });

  it('has nothing to do in a namespace that is being deleted', async () => {
    await real.kubernetes.createNamespace('late-2');
    await eventually(async () => expect(await readAuths(real, 'late-2', secretName)).toBeDefined());
    await real.kubernetes.call({ method: 'DELETE', path: '/api/v1/namespaces/late-2' });
    await eventually(async () => {
      const { items } = await owner()(endpoints.listTargetNamespaces, {
        env,
        targetId,
        query: { q: 'late-2' },
      });
      expect(items).toEqual([expect.objectContaining({ code: 'namespace.terminating' })]);
    });
    const path = `/api/v1/namespaces/late-2/secrets/${secretName}`;
    await real.kubernetes.call({ method: 'DELETE', path });
    await real.kubernetes.createNamespace('late-3');
    await eventually(async () => expect(await readAuths(real, 'late-3', secretName)).toBeDefined());
    expect(await readSecret(real, 'late-2', secretName)).toBeUndefined();
  });

  it('refuses to write more than 1 MiB and says so, keeping what is there', async () => {
    const before = await readAuths(real, 'team-a', secretName);
    const added: string[] = [];
    for (let index = 0; index < 13; index += 1) {
      const registry = await addRegistry(real.stage, {
        address: `huge-${index}.example.com`,
        username: 'u',
        password: 'p'.repeat(60_000),
      });
      added.push(registry.id);
    }
    await eventually(async () => {
      const { status } = await getTarget(real.stage, targetId);
      expect(status.lastError?.code).toBe('secret.too-large');
      expect(status.failed).toBeGreaterThan(0);
    });
    const now = await readAuths(real, 'team-a', secretName);
    expect(now).toMatchObject(before ?? {});
    for (const registryId of added) await owner()(endpoints.deleteRegistry, { env, registryId });
    await eventually(async () => {
      const { status } = await getTarget(real.stage, targetId);
      expect(status).toMatchObject({ failed: 0, pending: 0, lastError: null });
    });
    expect(await readAuths(real, 'team-a', secretName)).toEqual(before);
  });

  it('takes its Secrets and entries away with the target, and nothing else', async () => {
    await post(real, '/api/v1/namespaces/team-d/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mine' },
      stringData: { a: 'b' },
    });
    const mine = await readSecret(real, 'team-d', 'mine');
    const automount = (await readAccount(real, 'team-d'))?.metadata.uid;
    await owner()(endpoints.deleteTarget, { env, targetId });
    await eventually(async () => {
      const { total } = await owner()(endpoints.listTargets, { env, query: {} });
      expect(total).toBe(0);
    });
    for (const namespace of [...namespaces, 'late-1']) {
      expect(await readSecret(real, namespace, secretName)).toBeUndefined();
      expect(await readPullSecrets(real, namespace)).not.toContain(secretName);
    }
    expect(await readPullSecrets(real, 'team-c')).toEqual(['mine', 'other-19']);
    expect(await readSecret(real, 'team-d', 'mine')).toEqual(mine);
    expect((await readAccount(real, 'team-d'))?.metadata.uid).toBe(automount);
    expect(await readSecret(real, 'foreign', secretName)).toMatchObject({ type: 'Opaque' });
  });
});
