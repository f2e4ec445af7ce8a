/** One writer per cluster, whatever happens to its replica: a second application on the same database. */
import { endpoints } from '@moorage/contract';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { SyncRepository } from '../src/sync/sync.repository.js';
import { SyncService } from '../src/sync/sync.service.js';
import {
  addRegistry,
  addTarget,
  authsIn,
  eventually,
  type Stage,
  settled,
  startStage,
} from './sync-stage.js';

let stage: Stage;
afterEach(() => stage.close());

const namespaces = ['team-a', 'team-b', 'team-c'];

async function serve() {
  stage = await startStage();
  await addRegistry(stage, { address: 'quay.io', username: 'u', password: 'first' });
  const cluster = await stage.connect({ namespaces });
  const target = await addTarget(stage, cluster.id);
  await settled(stage, target.id);
  const secretName = `moorage-${stage.cast.environment.name}`;
  const password = (namespace: string) =>
    authsIn(cluster.simulated.get('secrets', namespace, secretName))?.['quay.io']?.password;
  return { cluster, target, password };
}

/** As another replica would once the lease has run out: a new holder and a higher fence. */
async function takeOver(clusterId: string): Promise<void> {
  await stage.harness.database.execute(
    `update clusters set lease_holder = 'another', lease_until = now() + interval '1 hour',
       lease_fence = lease_fence + 1 where id = $1`,
    [clusterId],
  );
}

describe('a replica that lost its lease', () => {
  it('writes nothing more to the cluster and nothing more about it', async () => {
    const { cluster, target, password } = await serve();
    await takeOver(cluster.id);
    await stage.harness.app.get(SyncService).claim();
    cluster.simulated.requests.clear();
    const env = stage.cast.environment.id;
    const rows =
      'select max(changed_at) as at, count(*) from target_namespaces where target_id = $1';
    const before = await stage.harness.database.one(rows, [target.id]);
    const registries = await stage.cast.owner.client(endpoints.listRegistries, { env, query: {} });
    await stage.cast.owner.client(endpoints.createCredential, {
      env,
      registryId: registries.items[0]?.id ?? '',
      body: { username: 'u', password: 'second' },
    });
    cluster.simulated.createNamespace('late');
    await stage.harness.app.get(SyncService).claim();
    expect(cluster.simulated.requests.count(({ method }) => method !== 'GET')).toBe(0);
    expect(password('team-a')).toBe('first');
    expect(await stage.harness.database.one(rows, [target.id])).toEqual(before);
  });

  it('has its rows refused by the database even if it does not know yet', async () => {
    const { cluster } = await serve();
    const repository = stage.harness.app.get(SyncRepository);
    const { holder, fence } = (await stage.harness.database.one<{ holder: string; fence: number }>(
      'select lease_holder as holder, lease_fence as fence from clusters where id = $1',
      [cluster.id],
    )) ?? { holder: '', fence: 0 };
    const lease = { clusterId: cluster.id, holder, fence } as Parameters<
      typeof repository.whileHeld
    >[0];
    let ran = 0;
    const work = () => {
      ran += 1;
      return Promise.resolve();
    };
    expect(await repository.whileHeld(lease, work)).toBe(true);
    await takeOver(cluster.id);
    expect(await repository.whileHeld(lease, work)).toBe(false);
    expect(ran).toBe(1);
  });

  it('takes the cluster back when the other one is gone, and brings it up to date', async () => {
    const { cluster, password } = await serve();
    await takeOver(cluster.id);
    const sync = stage.harness.app.get(SyncService);
    await sync.claim();
    cluster.simulated.deleteSecret('team-a', `moorage-${stage.cast.environment.name}`);
    await stage.harness.database.execute('update clusters set lease_until = now() where id = $1', [
      cluster.id,
    ]);
    await sync.claim();
    await eventually(() => expect(password('team-a')).toBe('first'));
  });
});

describe('renewing', () => {
  // Progress is written under a lock of the cluster's row: the renewal must wait, not give up.
  it('keeps the lease while somebody has the row of the cluster locked', async () => {
    const { cluster } = await serve();
    const fence = async () =>
      (
        await stage.harness.database.one<{ fence: number }>(
          'select lease_fence as fence from clusters where id = $1',
          [cluster.id],
        )
      )?.fence;
    const before = await fence();
    const sync = stage.harness.app.get(SyncService);
    let renewal: Promise<void> = Promise.resolve();
    await stage.harness.database.transaction(async (tx) => {
      await tx.execute('select 1 from clusters where id = $1 for share', [cluster.id]);
      renewal = sync.claim();
      await tx.execute('select pg_sleep(0.3)');
    });
    await renewal;
    expect(sync.find(cluster.id)).toBeDefined();
    expect(await fence()).toBe(before);
  });
});

describe('an orderly end', () => {
  it('gives every cluster back, so that the next start need not wait', async () => {
    const { cluster } = await serve();
    await stage.harness.close();
    const client = new pg.Client({ connectionString: stage.harness.connectionString });
    await client.connect();
    const { rows } = await client.query<{ free: boolean }>(
      'select lease_until <= now() as free from clusters where id = $1',
      [cluster.id],
    );
    await client.end();
    expect(rows).toEqual([{ free: true }]);
  });
});
