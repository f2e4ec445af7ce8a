import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  countRequests,
  hasParts,
  type Kubernetes,
  startEtcd,
  startKubernetes,
  subtractTotals,
  writeVerbs,
} from '../src/index.js';

describe.skipIf(!hasParts('kubernetes'))('a real API server', () => {
  let cluster: Kubernetes;

  beforeAll(async () => {
    cluster = await startKubernetes();
  });
  afterAll(() => cluster?.stop());

  it('says which version it is', async () => {
    const reply = await cluster.call({ path: '/version' });
    expect(reply.json).toMatchObject({ major: '1', minor: '36', gitVersion: 'v1.36.3' });
  });

  it('has a default service account in a namespace made here', async () => {
    await cluster.createNamespace('with-account');
    const reply = await cluster.call({
      path: '/api/v1/namespaces/with-account/serviceaccounts/default',
    });
    expect(reply.status).toBe(200);
  });

  it('gives a service account exactly the granted rights', async () => {
    const account = { namespace: 'moorage-system', name: 'client' };
    await cluster.grant(account, [{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }]);
    const token = await cluster.createServiceAccountToken(account);
    const namespaces = await cluster.call({ path: '/api/v1/namespaces', token });
    const secrets = await cluster.call({ path: '/api/v1/secrets', token });
    expect([namespaces.status, secrets.status]).toEqual([200, 403]);
  });

  it('counts each write once', async () => {
    const before = await cluster.requestTotals();
    await cluster.createNamespace('counted');
    const added = subtractTotals(await cluster.requestTotals(), before);
    expect(countRequests(added, { verbs: writeVerbs, resource: 'namespaces' })).toBe(1);
    expect(countRequests(added, { verbs: writeVerbs, resource: 'serviceaccounts' })).toBe(1);
  });

  it('answers nothing while frozen and everything afterwards', async () => {
    cluster.freeze();
    await expect(cluster.call({ path: '/version', timeoutMs: 300 })).rejects.toThrow();
    cluster.thaw();
    expect((await cluster.call({ path: '/version' })).status).toBe(200);
  });

  it('keeps its objects over a restart of the API server', async () => {
    await cluster.createNamespace('kept');
    await cluster.stopApiServer();
    await expect(cluster.call({ path: '/version', timeoutMs: 1_000 })).rejects.toThrow();
    await cluster.startApiServer();
    expect((await cluster.call({ path: '/api/v1/namespaces/kept' })).status).toBe(200);
  });
});

describe.skipIf(!hasParts('kubernetes'))('two clusters on one etcd', () => {
  it('do not see each other’s namespaces, and controllers finish deleted ones', async () => {
    const etcd = await startEtcd();
    const [one, two] = await Promise.all([
      startKubernetes({ etcd, controllerManager: true, scheduler: true }),
      startKubernetes({ etcd }),
    ]);
    try {
      await one.createNamespace('only-in-one');
      expect((await two.call({ path: '/api/v1/namespaces/only-in-one' })).status).toBe(404);
      await one.call({ method: 'DELETE', path: '/api/v1/namespaces/only-in-one' });
      const status = async () =>
        (await one.call({ path: '/api/v1/namespaces/only-in-one' })).status;
      await expect.poll(status, { timeout: 30_000 }).toBe(404);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
      await etcd.stop();
    }
  });
});
