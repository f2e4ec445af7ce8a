/** What wakes sync up must not get lost: not in a database that fails for a moment, not in between. */
import { endpoints } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ClustersService } from '../src/clusters/clusters.service.js';
import { ClusterStores } from '../src/sync/cluster-stores.js';
import { ClusterSyncStarter } from '../src/sync/cluster-sync-starter.js';
import { Lease, LeaseLost } from '../src/sync/lease.js';
import { Removals } from '../src/sync/removals.js';
import { SyncRepository } from '../src/sync/sync.repository.js';
import { SyncService } from '../src/sync/sync.service.js';
import {
  addRegistry,
  addTarget,
  authsIn,
  type ConnectedCluster,
  eventually,
  getTarget,
  type Stage,
  settled,
  startStage,
} from './sync-stage.js';

let stage: Stage;
let env: string;
let registryId: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
  const login = { address: 'quay.io', username: 'u', password: 'start' };
  registryId = (await addRegistry(stage, login)).id;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => stage.close());

const namespaces = ['team-a', 'team-b', 'team-c'];
const sync = () => stage.harness.app.get(SyncService);
const databaseFailed = () => new Error('the database did not answer');

async function serve() {
  const cluster = await stage.connect({ namespaces });
  const target = await addTarget(stage, cluster.id);
  await settled(stage, target.id);
  return { cluster, target };
}

async function rotate(password: string): Promise<void> {
  const body = { username: 'u', password };
  await stage.cast.owner.client(endpoints.createCredential, { env, registryId, body });
}

async function everywhere({ simulated }: ConnectedCluster, value: string): Promise<void> {
  const name = `moorage-${stage.cast.environment.name}`;
  await eventually(() => {
    const held = namespaces.map((namespace) => authsIn(simulated.get('secrets', namespace, name)));
    expect(held.map((auths) => auths?.['quay.io']?.password)).toEqual(namespaces.map(() => value));
  });
}

/** As an administrator gives a new token: the old one is refused from now on. */
async function replaceToken({ id, simulated }: ConnectedCluster): Promise<void> {
  simulated.setToken('replaced');
  simulated.watches.cutWatches('reset');
  const token = SecretText.of('replaced');
  await stage.harness.app.get(ClustersService).moveSimulated(id, simulated.url, token);
}

async function leaseOf({ id }: ConnectedCluster): Promise<Lease> {
  const row = await stage.harness.database.one<{ holder: string; fence: number }>(
    'select lease_holder as holder, lease_fence as fence from clusters where id = $1',
    [id],
  );
  return new Lease(id, row?.holder ?? '', row?.fence ?? 0);
}

describe('new access to a cluster', () => {
  it('is used although the database failed when it was announced', async () => {
    const { cluster } = await serve();
    vi.spyOn(stage.harness.app.get(Removals), 'advance').mockRejectedValueOnce(databaseFailed());
    vi.spyOn(stage.harness.app.get(ClusterSyncStarter), 'accessTag').mockRejectedValueOnce(
      databaseFailed(),
    );
    await replaceToken(cluster);
    await rotate('after-a-failure');
    await everywhere(cluster, 'after-a-failure');
  });

  it('is used when it comes while the cluster is being opened with the old one', async () => {
    const { cluster } = await serve();
    const starter = stage.harness.app.get(ClusterSyncStarter);
    const start = starter.start.bind(starter);
    const opened = Promise.withResolvers<void>();
    const announced = Promise.withResolvers<void>();
    vi.spyOn(starter, 'start').mockImplementationOnce(async (lease) => {
      const started = await start(lease);
      opened.resolve();
      await announced.promise;
      return started;
    });
    await stage.harness.database.execute('update clusters set lease_until = now() where id = $1', [
      cluster.id,
    ]);
    const turn = sync().claim();
    await opened.promise;
    const noted = vi.spyOn(sync(), 'noteChange');
    await replaceToken(cluster);
    await eventually(() =>
      expect(noted).toHaveBeenCalledWith(expect.objectContaining({ topic: 'clusters' })),
    );
    announced.resolve();
    await turn;
    await rotate('while-opened');
    await everywhere(cluster, 'while-opened');
  });
});

describe('removals', () => {
  it('go on although the database failed when they were announced', async () => {
    const { cluster, target } = await serve();
    const removals = stage.harness.app.get(Removals);
    await settled(stage, target.id);
    vi.spyOn(removals, 'advance')
      .mockRejectedValueOnce(databaseFailed())
      .mockRejectedValueOnce(databaseFailed());
    await stage.cast.admin.client(endpoints.deleteCluster, {
      clusterId: cluster.id,
      query: {},
    });
    await eventually(async () => {
      const sql = 'select 1 from clusters where id = $1';
      expect(await stage.harness.database.query(sql, [cluster.id])).toEqual([]);
    }, 15_000);
  });
});

describe('the state of node config', () => {
  it('is written down although the database failed the first time', async () => {
    const { cluster, target } = await serve();
    const repository = stage.harness.app.get(SyncRepository);
    vi.spyOn(repository, 'saveNodeConfig').mockRejectedValueOnce(databaseFailed());
    await stage.cast.admin.client(endpoints.updateTarget, {
      env,
      targetId: target.id,
      body: { nodeConfig: { enabled: true, distribution: 'k3s' } },
    });
    await eventually(() =>
      expect(
        cluster.simulated.get('secrets', 'moorage-system', 'moorage-node-config'),
      ).toBeDefined(),
    );
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).nodeConfig.state).toBe('in-sync');
    });
  });
});

describe('what is known about a cluster', () => {
  it('is written by two at the same moment, one after the other', async () => {
    const { cluster } = await serve();
    const repository = stage.harness.app.get(SyncRepository);
    const lease = await leaseOf(cluster);
    const stores = stage.harness.app.get(ClusterStores);
    const save = repository.saveContact.bind(repository);
    vi.spyOn(repository, 'saveContact').mockImplementation(async (tx, ...rest) => {
      await tx.execute('select pg_sleep(0.2)');
      await save(tx, ...rest);
    });
    const contact = { reachable: true, error: null, kubernetesVersion: null };
    const both = [stores.of(lease), stores.of(lease)].map((store) =>
      store.saveContact(contact, false),
    );
    expect(await Promise.allSettled(both)).toEqual([
      { status: 'fulfilled', value: undefined },
      { status: 'fulfilled', value: undefined },
    ]);
  });

  it('is not written any more once the lease was given back, and what was under way is waited for', async () => {
    const { cluster } = await serve();
    const lease = await leaseOf(cluster);
    const store = stage.harness.app.get(ClusterStores).of(lease);
    const repository = stage.harness.app.get(SyncRepository);
    const written = Promise.withResolvers<void>();
    const events: string[] = [];
    vi.spyOn(repository, 'saveProgress').mockImplementationOnce(async () => {
      await written.promise;
      events.push('written');
    });
    const batch = { rows: [], removed: [], targets: new Set<string>() };
    const saving = store.saveProgress(batch);
    lease.release();
    await expect(store.saveProgress(batch)).rejects.toThrow(LeaseLost);
    const settling = store.settled().then(() => events.push('settled'));
    await eventually(() => expect(repository.saveProgress).toHaveBeenCalled());
    written.resolve();
    await Promise.all([saving, settling]);
    expect(events).toEqual(['written', 'settled']);
  });
});

describe('many changes in a row', () => {
  it('are not taken for a fight: the last one arrives at once', async () => {
    const { cluster } = await serve();
    const waits: number[] = [];
    for (let round = 0; round < 50; round += 1) {
      await rotate(`burst-${round}`);
      const startedAt = performance.now();
      await everywhere(cluster, `burst-${round}`);
      waits.push(performance.now() - startedAt);
    }
    // Whoever is given way to is given ten seconds, less what the changes before took.
    expect(Math.max(...waits)).toBeLessThan(5_000);
  }, 60_000);
});
