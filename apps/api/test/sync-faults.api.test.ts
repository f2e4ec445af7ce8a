import { endpoints } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neededPermissions } from '../src/clusters/cluster-permissions.js';
import { ClustersService } from '../src/clusters/clusters.service.js';
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
let registryId: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
  secretName = `moorage-${stage.cast.environment.name}`;
  const registry = await addRegistry(stage, {
    address: 'quay.io',
    username: 'u',
    password: 'start',
  });
  registryId = registry.id;
});
afterAll(() => stage.close());

const namespaces = ['team-a', 'team-b', 'team-c', 'team-d', 'team-e'];
const selection = { include: ['team-*', 'late-*'], exclude: [], matchLabels: {} };

async function serve() {
  const cluster = await stage.connect({ namespaces });
  const target = await addTarget(stage, cluster.id, { namespaces: selection });
  await settled(stage, target.id);
  return { cluster, target };
}

const password = ({ simulated }: ConnectedCluster, namespace: string) =>
  authsIn(simulated.get('secrets', namespace, secretName))?.['quay.io']?.password;
const entries = ({ simulated }: ConnectedCluster, namespace: string) =>
  pullSecretsOf(simulated.get('serviceaccounts', namespace, 'default'));

async function rotate(to: string) {
  const body = { username: 'u', password: to };
  return await stage.cast.owner.client(endpoints.createCredential, { env, registryId, body });
}

async function everywhere(cluster: ConnectedCluster, value: string, timeoutMs = 15_000) {
  await eventually(() => {
    for (const name of namespaces) expect(password(cluster, name)).toBe(value);
  }, timeoutMs);
}

describe('a cluster in trouble', () => {
  it('is brought to the same state when it refuses every third call for now', async () => {
    const { cluster, target } = await serve();
    cluster.simulated.faults.setThrottle({ share: 1 / 3, retryAfterSeconds: 0 });
    await rotate('throttled');
    await everywhere(cluster, 'throttled');
    cluster.simulated.faults.setThrottle(undefined);
    await settled(stage, target.id);
  });

  it('is brought to the same state when replies get lost after the work was done', async () => {
    const { cluster, target } = await serve();
    let lost = 0;
    cluster.simulated.faults.setInterceptor(({ method }) => {
      if (method === 'GET' || lost >= 6) return 'pass';
      lost += 1;
      return lost % 2 === 0 ? 'drop-after' : 'drop-before';
    });
    await rotate('lost-replies');
    cluster.simulated.createNamespace('late-1');
    await everywhere(cluster, 'lost-replies', 25_000);
    await eventually(() => expect(entries(cluster, 'late-1')).toEqual([secretName]), 25_000);
    cluster.simulated.faults.setInterceptor(undefined);
    await settled(stage, target.id);
    expect(lost).toBe(6);
  });

  it('never holds an older value after a newer one when its watches lag behind', async () => {
    const { cluster, target } = await serve();
    cluster.simulated.watches.holdReads();
    await rotate('while-blind-1');
    await everywhere(cluster, 'while-blind-1');
    await rotate('while-blind-2');
    await everywhere(cluster, 'while-blind-2');
    cluster.simulated.watches.releaseReads();
    await settled(stage, target.id);
    await everywhere(cluster, 'while-blind-2');
  });

  it('misses no namespace when its watches break while one is created', async () => {
    const { cluster } = await serve();
    for (const how of ['reset', 'closed'] as const) {
      cluster.simulated.watches.cutWatches(how);
      cluster.simulated.createNamespace(`late-${how}`);
      await eventually(() => expect(entries(cluster, `late-${how}`)).toEqual([secretName]), 20_000);
    }
  });

  it('delays no other cluster when it never answers', async () => {
    const silent = await serve();
    const other = await serve();
    await silent.cluster.simulated.setUnreachable('silent');
    const startedAt = performance.now();
    await rotate('next-to-a-silent-one');
    await everywhere(other.cluster, 'next-to-a-silent-one');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await silent.cluster.simulated.setUnreachable(undefined);
  });
});

describe('missing permissions', () => {
  const all = { apiGroups: [''], resources: ['*'], verbs: ['*'] };

  it('show as failed with a reason, and are not tried without end', async () => {
    const { cluster, target } = await serve();
    const verbs = ['list', 'watch'];
    cluster.simulated.setRules([{ apiGroups: [''], resources: ['*'], verbs }]);
    cluster.simulated.requests.clear();
    await rotate('forbidden');
    await eventually(async () => {
      const { status } = await getTarget(stage, target.id);
      expect(status.failed).toBe(namespaces.length);
      expect(status.lastError?.code).toBe('cluster.forbidden');
    });
    const refused = cluster.simulated.requests.count(({ status }) => status === 403);
    expect(refused).toBe(namespaces.length);
    cluster.simulated.setRules([all]);
    await stage.cast.owner.client(endpoints.syncTarget, { env, targetId: target.id });
    await everywhere(cluster, 'forbidden');
    await settled(stage, target.id);
  });

  it('are exactly those that the product asks for: what it uses is what it lists', async () => {
    const cluster = await stage.connect({ namespaces });
    const target = await addTarget(stage, cluster.id, {
      namespaces: selection,
      nodeConfig: { enabled: true, distribution: 'k3s' },
    });
    await settled(stage, target.id);
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).nodeConfig.state).toBe('in-sync');
    });
    await rotate('permissions');
    await everywhere(cluster, 'permissions');
    await stage.cast.owner.client(endpoints.deleteTarget, { env, targetId: target.id });
    await eventually(() => expect(password(cluster, 'team-a')).toBeUndefined());
    await eventually(() => {
      const place = cluster.simulated.get('secrets', 'moorage-system', 'moorage-node-config');
      expect(place).toBeUndefined();
    });
    // A watch is logged when it ends.
    cluster.simulated.watches.cutWatches('closed');
    const needed = neededPermissions({
      attach: true,
      nodeConfig: true,
      whitelist: false,
      rewriting: false,
    }).filter(({ optional }) => !optional);
    const listed = needed.map(({ verb, resource }) => `${verb} ${resource}`);
    await eventually(() => {
      const used = cluster.simulated.requests
        .records()
        .filter(({ resource, userAgent }) => resource !== '' && userAgent.endsWith('(sync)'))
        .map(({ verb, resource }) => `${verb} ${resource}`);
      expect([...new Set(used)].sort()).toEqual([...new Set(listed)].sort());
    });
  });
});

describe('changes at the same moment', () => {
  it('end in the last wish, whatever was under way', async () => {
    const { cluster, target } = await serve();
    const second = await rotate('toggled');
    const toggle = (
      endpoint: typeof endpoints.enableCredential | typeof endpoints.disableCredential,
    ) => stage.cast.owner.client(endpoint, { env, registryId, credentialId: second.id });
    for (let round = 0; round < 25; round += 1) {
      await toggle(endpoints.disableCredential);
      if (round % 3 === 0) cluster.simulated.createNamespace(`late-${round}`);
      await toggle(endpoints.enableCredential);
    }
    await toggle(endpoints.disableCredential);
    await settled(stage, target.id);
    await eventually(() => {
      const held = [...namespaces, 'late-0', 'late-24'].map((name) => password(cluster, name));
      expect(new Set(held)).not.toContain('toggled');
      expect(new Set(held).size).toBe(1);
    });
  });

  it('keep what others write into a service account at the same time', async () => {
    const { cluster } = await serve();
    let round = 0;
    cluster.simulated.faults.setInterceptor(({ method, resource, namespace }) => {
      if (method === 'PATCH' && resource === 'serviceaccounts' && round < 4) {
        round += 1;
        cluster.simulated.patch('serviceaccounts', namespace, 'default', {
          imagePullSecrets: [{ name: 'mine' }, { name: `round-${round}` }],
        });
      }
      return 'pass';
    });
    cluster.simulated.patch('serviceaccounts', 'team-a', 'default', { imagePullSecrets: [] });
    await eventually(() =>
      expect(entries(cluster, 'team-a')).toEqual(['mine', 'round-4', secretName]),
    );
    cluster.simulated.faults.setInterceptor(undefined);
  });
});

describe('something that undoes every change of ours', () => {
  it('is given way to after a while, and the reason is shown', async () => {
    const { cluster, target } = await serve();
    cluster.simulated.requests.clear();
    const undo = setInterval(() => {
      if (entries(cluster, 'team-a').length === 0) return;
      cluster.simulated.patch('serviceaccounts', 'team-a', 'default', { imagePullSecrets: [] });
    }, 1);
    try {
      await eventually(async () => {
        const query = { q: 'team-a' };
        const { items } = await stage.cast.owner.client(endpoints.listTargetNamespaces, {
          env,
          targetId: target.id,
          query,
        });
        expect(items).toEqual([expect.objectContaining({ code: 'sync.contested' })]);
      }, 20_000);
    } finally {
      clearInterval(undo);
    }
    const patches = cluster.simulated.requests.count(({ method }) => method === 'PATCH');
    expect(patches).toBeLessThan(100);
  });
});

describe('new access', () => {
  it('is used at once: a cluster whose token was replaced is served again', async () => {
    const { cluster } = await serve();
    const { simulated } = cluster;
    simulated.setToken('rotated-token');
    simulated.watches.cutWatches('reset');
    await eventually(async () => {
      const row = await stage.cast.admin.client(endpoints.getCluster, { clusterId: cluster.id });
      expect(row).toMatchObject({ reachable: false, lastError: { code: 'cluster.unauthorized' } });
    });
    await rotate('after-new-token');
    const token = SecretText.of('rotated-token');
    await stage.harness.app.get(ClustersService).moveSimulated(cluster.id, simulated.url, token);
    await everywhere(cluster, 'after-new-token');
  });
});

describe('secrets', () => {
  it('reach clusters and nothing else: no log line, no row, no event holds one', async () => {
    const { cluster } = await serve();
    await rotate('planted-c41d');
    await everywhere(cluster, 'planted-c41d');
    const base64 = Buffer.from('planted-c41d').toString('base64').replace(/=+$/, '');
    const tables = [
      'targets',
      'target_namespaces',
      'outbox',
      'audit_entries',
      'clusters',
      'credentials',
    ];
    const rows = await Promise.all(
      tables.map((table) =>
        stage.harness.database.query(`select to_jsonb(t)::text as row from ${table} t`),
      ),
    );
    const everything = JSON.stringify([rows, stage.harness.logLines]);
    expect(everything).toContain(cluster.id);
    expect(everything).not.toContain('planted-c41d');
    expect(everything).not.toContain(base64);
  });
});
