import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from './simulated-cluster.js';

const auths = (text: string) => ({ '.dockerconfigjson': text });

describe('a simulated cluster', () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({
      name: 'demo',
      token: 'demo-token',
      namespaces: ['shop'],
    });
    return () => cluster.stop();
  });

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${cluster.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${cluster.token}`, ...init.headers },
    });
  const post = (path: string, body: unknown) =>
    call(path, { method: 'POST', body: JSON.stringify(body) });
  const secrets = '/api/v1/namespaces/shop/secrets';

  it('says in its version that it is simulated', async () => {
    expect(await (await call('/version')).json()).toMatchObject({
      gitVersion: 'v1.36.3+simulated',
    });
  });

  it('begins with the usual namespaces, each with a default service account', () => {
    const names = cluster.list('namespaces').map(({ metadata }) => metadata.name);
    expect(names).toEqual(['default', 'kube-public', 'kube-system', 'shop']);
    for (const name of names) expect(cluster.get('serviceaccounts', name, 'default')).toBeDefined();
  });

  it('removes a deleted namespace with everything in it', async () => {
    await post(secrets, { metadata: { name: 'a' } });
    cluster.deleteNamespace('shop');
    expect(cluster.get('namespaces', '', 'shop')).toMatchObject({
      status: { phase: 'Terminating' },
    });
    await expect.poll(() => cluster.get('namespaces', '', 'shop')).toBeUndefined();
    expect(cluster.list('secrets')).toEqual([]);
  });

  it('lets somebody edit and delete a Secret by hand', async () => {
    await post(secrets, { metadata: { name: 'a' }, stringData: auths('one') });
    const edited = cluster.editSecret('shop', 'a', auths('two'));
    expect(edited).toMatchObject({
      data: { '.dockerconfigjson': Buffer.from('two').toString('base64') },
    });
    cluster.deleteSecret('shop', 'a');
    expect((await call(`${secrets}/a`)).status).toBe(404);
  });

  it('refuses what the token’s rules do not allow, and says so in advance', async () => {
    cluster.setRules([{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }]);
    expect((await call('/api/v1/namespaces')).status).toBe(200);
    const refused = await call(`${secrets}/a`);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      message: `secrets "a" is forbidden: User "${cluster.user}" cannot get resource "secrets" in API group "" in the namespace "shop"`,
      details: { name: 'a', kind: 'secrets' },
    });
    const review = await post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      spec: { resourceAttributes: { verb: 'list', resource: 'secrets' } },
    });
    expect(await review.json()).toMatchObject({ status: { allowed: false } });
  });

  it('refuses the old token once it has another', async () => {
    cluster.setToken('next');
    expect((await call('/api/v1/namespaces')).status).toBe(200);
    const old = await fetch(`${cluster.url}/api/v1/namespaces`, {
      headers: { authorization: 'Bearer demo-token' },
    });
    expect(old.status).toBe(401);
  });

  describe('with faults', () => {
    afterEach(() => cluster.setUnreachable(undefined));

    it('refuses connections and comes back on the same port', async () => {
      const { url } = cluster;
      await cluster.setUnreachable('refused');
      await expect(call('/version')).rejects.toThrow('fetch failed');
      await cluster.setUnreachable(undefined);
      expect((await call('/version')).status).toBe(200);
      expect(cluster.url).toBe(url);
    });

    it('falls silent', async () => {
      await cluster.setUnreachable('silent');
      await expect(call('/version', { signal: AbortSignal.timeout(100) })).rejects.toThrow(
        'timeout',
      );
    });

    it('throttles exactly the share that it was told', async () => {
      cluster.faults.setThrottle({ share: 0.3, retryAfterSeconds: 1 });
      const statuses: number[] = [];
      for (let nth = 0; nth < 100; nth += 1) statuses.push((await call('/version')).status);
      expect(statuses.filter((status) => status === 429)).toHaveLength(30);
      cluster.faults.setThrottle({ share: 1, retryAfterSeconds: 7 });
      expect((await call('/version')).headers.get('retry-after')).toBe('7');
    });

    it('fails the next requests and no more', async () => {
      cluster.faults.failNext(2, { status: 500 });
      const statuses = [];
      for (let nth = 0; nth < 3; nth += 1) statuses.push((await call('/api/v1/namespaces')).status);
      expect(statuses).toEqual([500, 500, 200]);
    });

    it('loses a request before it happens, or its reply after', async () => {
      cluster.faults.setInterceptor(({ verb }) => (verb === 'create' ? 'drop-before' : 'pass'));
      await expect(post(secrets, { metadata: { name: 'a' } })).rejects.toThrow('fetch failed');
      expect(cluster.get('secrets', 'shop', 'a')).toBeUndefined();
      cluster.faults.setInterceptor(({ verb }) => (verb === 'create' ? 'drop-after' : 'pass'));
      await expect(post(secrets, { metadata: { name: 'a' } })).rejects.toThrow('fetch failed');
      expect(cluster.get('secrets', 'shop', 'a')).toBeDefined();
    });

    it('delays every answer', async () => {
      cluster.faults.setDelay(120);
      const before = performance.now();
      await call('/version');
      expect(performance.now() - before).toBeGreaterThan(110);
    });

    it('shows readers the past while writes go on', async () => {
      cluster.watches.holdReads();
      await post(secrets, { metadata: { name: 'late' } });
      expect((await call(`${secrets}/late`)).status).toBe(404);
      expect(await (await call(secrets)).json()).toMatchObject({ items: [] });
      cluster.watches.releaseReads();
      expect((await call(`${secrets}/late`)).status).toBe(200);
    });
  });

  describe('with watches', () => {
    interface Watch {
      readonly next: () => Promise<
        { type: string; object: { metadata?: object; code?: number } } | undefined
      >;
    }

    async function watch(query = ''): Promise<Watch> {
      const version = cluster.store.revision;
      const response = await call(`${secrets}?watch=1&resourceVersion=${version}${query}`);
      const lines = readLines(response);
      return {
        next: async () => {
          const { value, done } = await lines.next();
          return done === true ? undefined : JSON.parse(value);
        },
      };
    }

    it('sends bookmarks to those who asked for them', async () => {
      const { next } = await watch('&allowWatchBookmarks=true');
      cluster.createNamespace('elsewhere');
      cluster.watches.sendBookmarks();
      const version = String(cluster.store.revision);
      // A bookmark promises no more than the watcher was sent: everything up to the present.
      expect(await next()).toEqual({
        type: 'BOOKMARK',
        object: { kind: 'Secret', apiVersion: 'v1', metadata: { resourceVersion: version } },
      });
    });

    it('drops the events that it is told to drop, and only those', async () => {
      const { next } = await watch();
      cluster.watches.dropEvents(({ name }) => name === 'lost');
      await post(secrets, { metadata: { name: 'lost' } });
      await post(secrets, { metadata: { name: 'seen' } });
      expect(await next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'seen' } } });
    });

    it('ends all watches in order, by a broken connection, or as expired', async () => {
      const first = await watch();
      cluster.watches.cutWatches('closed');
      expect(await first.next()).toBeUndefined();
      const second = await watch();
      cluster.watches.cutWatches('reset');
      await expect(second.next()).rejects.toThrow();
      const third = await watch();
      cluster.watches.expireWatches();
      expect(await third.next()).toMatchObject({ type: 'ERROR', object: { code: 410 } });
      expect(await third.next()).toBeUndefined();
      await expect.poll(() => cluster.watches.openWatches).toBe(0);
    });

    it('delivers a list as events and says where it ends', async () => {
      await post(secrets, { metadata: { name: 'a' } });
      const query =
        '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
      const { next } = await watch(query);
      expect(await next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
      const end = { annotations: { 'k8s.io/initial-events-end': 'true' } };
      expect(await next()).toMatchObject({ type: 'BOOKMARK', object: { metadata: end } });
    });

    it('opens watches in the past while reads are held, and catches them up', async () => {
      cluster.watches.holdReads();
      await post(secrets, { metadata: { name: 'late' } });
      const version = cluster.watches.visibleRevision;
      const response = await call(`${secrets}?watch=1&resourceVersion=${version}`);
      const lines = readLines(response);
      const first = lines.next();
      cluster.deleteSecret('shop', 'late');
      expect(await Promise.race([first, 'nothing yet'])).toBe('nothing yet');
      cluster.watches.releaseReads();
      const types = [await first, await lines.next()].map(
        ({ value }) => JSON.parse(value ?? '').type,
      );
      expect(types).toEqual(['ADDED', 'DELETED']);
    });

    it('forgets history beyond its limit', async () => {
      const small = await startSimulatedCluster({ name: 'small', token: 't', historyLimit: 10 });
      try {
        for (let nth = 0; nth < 30; nth += 1)
          small.apply({ kind: 'Secret', metadata: { name: `s${nth}` } });
        expect(small.store.eventsAfter(1)).toBeUndefined();
        expect(small.store.eventsAfter(small.store.revision - 10)).toHaveLength(10);
      } finally {
        await small.stop();
      }
    });
  });

  it('records each request with its verb and status', async () => {
    cluster.requests.clear();
    await post(secrets, { metadata: { name: 'a' } });
    await call(`${secrets}/b`);
    await expect.poll(() => cluster.requests.total).toBe(2);
    expect(
      cluster.requests.records().map(({ verb, resource, status }) => [verb, resource, status]),
    ).toEqual([
      ['create', 'secrets', 201],
      ['get', 'secrets', 404],
    ]);
  });
});

async function* readLines(response: Response): AsyncGenerator<string, undefined> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  return undefined;
}
