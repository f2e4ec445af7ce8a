/** The reconciler may end at any moment: whatever was half done is finished, nothing is left, nothing is doubled. */
import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SyncService } from '../src/sync/sync.service.js';
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
  await addRegistry(stage, { address: 'quay.io', username: 'u', password: 'p' });
});
afterAll(() => stage.close());

const namespaces = ['team-a', 'team-b', 'team-c'];
const selection = { include: ['team-*'], exclude: [], matchLabels: {} };
const sync = () => stage.harness.app.get(SyncService);
const isWrite = ({ method }: { method: string }) => method !== 'GET';

async function restart(): Promise<void> {
  await sync().stop();
  await sync().start();
}

/** Ends the reconciler at the n-th write: before it happens, or after it with the reply lost. */
function dieAtWrite(cluster: ConnectedCluster, n: number, fate: 'drop-before' | 'drop-after') {
  let writes = 0;
  let stopped: Promise<void> | null = null;
  cluster.simulated.faults.setInterceptor(({ method }) => {
    if (method === 'GET') return 'pass';
    writes += 1;
    if (writes < n) return 'pass';
    stopped ??= sync().stop();
    // What was under way beside it dies with it.
    return writes === n ? fate : 'drop-before';
  });
  return async () => {
    await eventually(() => expect(stopped).not.toBeNull());
    await stopped;
    cluster.simulated.faults.setInterceptor(undefined);
    await sync().start();
  };
}

function expectServed({ simulated }: ConnectedCluster): void {
  for (const namespace of namespaces) {
    const secret = simulated.get('secrets', namespace, secretName);
    expect(authsIn(secret)).toHaveProperty('quay.io');
    const account = simulated.get('serviceaccounts', namespace, 'default');
    expect(pullSecretsOf(account)).toEqual(['mine', secretName]);
  }
}

function expectClean({ simulated }: ConnectedCluster): void {
  for (const namespace of namespaces) {
    expect(simulated.get('secrets', namespace, secretName)).toBeUndefined();
    const account = simulated.get('serviceaccounts', namespace, 'default');
    expect(pullSecretsOf(account)).toEqual(['mine']);
  }
}

async function connectWithForeignEntries(): Promise<ConnectedCluster> {
  const cluster = await stage.connect({ namespaces });
  for (const namespace of namespaces) {
    cluster.simulated.patch('serviceaccounts', namespace, 'default', {
      imagePullSecrets: [{ name: 'mine' }],
    });
  }
  return cluster;
}

async function gone(cluster: ConnectedCluster): Promise<void> {
  await eventually(async () => {
    const query = { clusterId: cluster.id };
    const { total } = await stage.cast.owner.client(endpoints.listTargets, { env, query });
    expect(total).toBe(0);
  });
}

const writesOfAll = 2 * namespaces.length;
const points = Array.from({ length: writesOfAll }, (_, at) => at + 1).flatMap((n) => [
  [n, 'drop-before'] as const,
  [n, 'drop-after'] as const,
]);

describe('a reconciler that ends in the middle', () => {
  it.each(points)('of serving, at write %i (%s), ends in the same state', async (n, fate) => {
    const cluster = await connectWithForeignEntries();
    const resume = dieAtWrite(cluster, n, fate);
    const target = await addTarget(stage, cluster.id, { namespaces: selection });
    await resume();
    await settled(stage, target.id);
    expectServed(cluster);
    await stage.cast.owner.client(endpoints.deleteTarget, { env, targetId: target.id });
    await gone(cluster);
    expectClean(cluster);
  });

  it.each(points)('of removing, at write %i (%s), leaves nothing behind', async (n, fate) => {
    const cluster = await connectWithForeignEntries();
    const target = await addTarget(stage, cluster.id, { namespaces: selection });
    await settled(stage, target.id);
    const resume = dieAtWrite(cluster, n, fate);
    await stage.cast.owner.client(endpoints.deleteTarget, { env, targetId: target.id });
    await resume();
    await gone(cluster);
    expectClean(cluster);
  });
});

describe('a start', () => {
  it('with everything in sync writes nothing and reads one list of each kind', async () => {
    const cluster = await stage.connect({ namespaces });
    const target = await addTarget(stage, cluster.id, { namespaces: selection });
    await settled(stage, target.id);
    cluster.simulated.requests.clear();
    await restart();
    await eventually(() => expect(sync().find(cluster.id)).toBeDefined());
    await eventually(() => expect(cluster.simulated.watches.openWatches).toBe(3));
    const records = cluster.simulated.requests.records();
    expect(records.filter(isWrite)).toEqual([]);
    const lists = records.filter(({ verb }) => verb === 'list').map(({ resource }) => resource);
    expect(lists.sort()).toEqual(['namespaces', 'secrets', 'serviceaccounts']);
  });

  it('cleans what was removed while nobody looked', async () => {
    const cluster = await connectWithForeignEntries();
    const target = await addTarget(stage, cluster.id, { namespaces: selection });
    await settled(stage, target.id);
    await sync().stop();
    await stage.cast.owner.client(endpoints.deleteTarget, { env, targetId: target.id });
    cluster.simulated.deleteSecret('team-b', secretName);
    await sync().start();
    await gone(cluster);
    expectClean(cluster);
  });
});

describe('a target without anything in its cluster', () => {
  it('goes at once, and the next change is followed as ever', async () => {
    const cluster = await stage.connect({ namespaces });
    const none = { include: ['nothing-*'], exclude: [], matchLabels: {} };
    const empty = await addTarget(stage, cluster.id, { namespaces: none });
    await stage.cast.owner.client(endpoints.deleteTarget, { env, targetId: empty.id });
    await gone(cluster);
    const next = await addTarget(stage, cluster.id, { namespaces: selection });
    await settled(stage, next.id);
  });
});

describe('a cluster that lets us see only a part', () => {
  it('says what is missing, and is served as soon as it is given', async () => {
    const cluster = await stage.connect({ namespaces });
    const verbs = ['list', 'watch', 'create', 'patch', 'delete'];
    const but = (resources: string[]) => [{ apiGroups: [''], resources, verbs }];
    cluster.simulated.setRules(but(['namespaces', 'serviceaccounts']));
    await restart();
    const target = await addTarget(stage, cluster.id, { namespaces: selection });
    await eventually(async () => {
      const { admin } = stage.cast;
      const row = await admin.client(endpoints.getCluster, { clusterId: cluster.id });
      expect(row).toMatchObject({ reachable: true, lastError: { code: 'cluster.forbidden' } });
    });
    cluster.simulated.setRules(but(['namespaces', 'serviceaccounts', 'secrets']));
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).status.inSync).toBe(namespaces.length);
    }, 30_000);
  });
});
