/** Whoever writes a policy may end at any moment: the next one finishes it, and forgets nothing that is there. */
import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neededPermissions } from '../src/clusters/cluster-permissions.js';
import { SyncService } from '../src/sync/sync.service.js';
import { policiesIn, policyRequests, putSetting, untilHalf } from './policy-calls.js';
import {
  addTarget,
  type ConnectedCluster,
  eventually,
  type Stage,
  startStage,
} from './sync-stage.js';

let stage: Stage;
let env: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
  await putSetting(stage.cast.owner, env, 'policy.default-registry-at', 'pod');
  await putSetting(stage.cast.owner, env, 'registry.default', 'reg.corp');
});
afterAll(() => stage?.close());

const owner = () => stage.cast.owner;
const sync = () => stage.harness.app.get(SyncService);
const isPolicyWrite = ({ verb, resource }: { verb: string; resource: string }) =>
  /^(create|update|delete)$/.test(verb) && resource.includes('admissionpolic');
const clear = (name: 'registry.whitelist' | 'registry.default') =>
  owner().client(endpoints.deleteSetting, { env, name, query: { acknowledged: 'true' } });

async function serve(): Promise<ConnectedCluster> {
  const cluster = await stage.connect({ namespaces: ['team-a'] });
  await addTarget(stage, cluster.id, {
    namespaces: { include: ['team-*'], exclude: [], matchLabels: {} },
  });
  return cluster;
}

const place = (cluster: ConnectedCluster, half: 'whitelist' | 'defaultRegistry') => {
  return { env, clusterId: cluster.id, half };
};

async function untilInForce(cluster: ConnectedCluster): Promise<void> {
  await untilHalf(owner(), place(cluster, 'defaultRegistry'), { state: 'in-force' });
  await untilHalf(owner(), place(cluster, 'whitelist'), { state: 'in-force' });
}

/** Ends the reconciler at the n-th write of a policy: before it happens, or with its reply lost. */
function dieAtWrite(
  { simulated }: ConnectedCluster,
  n: number,
  fate: 'drop-before' | 'drop-after',
) {
  let writes = 0;
  let stopped: Promise<void> | null = null;
  simulated.faults.setInterceptor((request) => {
    if (!isPolicyWrite(request)) return 'pass';
    writes += 1;
    if (writes < n) return 'pass';
    stopped ??= sync().stop();
    return writes === n ? fate : 'drop-before';
  });
  return async () => {
    await eventually(() => expect(stopped).not.toBeNull());
    await stopped;
    simulated.faults.setInterceptor(undefined);
  };
}

describe('a database that does not take the news', () => {
  it('keeps the policy out of the cluster: nobody after us would know of it', async () => {
    const cluster = await serve();
    await untilHalf(owner(), place(cluster, 'defaultRegistry'), { state: 'in-force' });
    await clear('registry.default');
    await eventually(() => expect(policiesIn(cluster.simulated).size).toBe(0));
    const { database } = stage.harness;
    await database.execute('alter table image_policy_states rename to image_policy_states_away');
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await eventually(() => {
      const failed = 'writing the state of the image policy failed';
      expect(stage.harness.logLines.some((line) => line.includes(failed))).toBe(true);
    });
    expect(policiesIn(cluster.simulated).size).toBe(0);
    await database.execute('alter table image_policy_states_away rename to image_policy_states');
    await untilHalf(owner(), place(cluster, 'whitelist'), { state: 'in-force' });
    await clear('registry.whitelist');
    await eventually(() => expect(policiesIn(cluster.simulated).size).toBe(0));
    await putSetting(owner(), env, 'registry.default', 'reg.corp');
  });
});

describe('a server that ends', () => {
  it('leaves a policy that the next one recognises without a write, and keeps', async () => {
    const cluster = await serve();
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await untilInForce(cluster);
    const writes = () =>
      cluster.simulated.requests.records().filter((record) => isPolicyWrite(record)).length;
    const before = writes();
    await sync().stop();
    await sync().start();
    await eventually(() => {
      const proofs = policyRequests(cluster.simulated).filter((each) => each.startsWith('list '));
      expect(proofs.length).toBeGreaterThan(4);
    });
    await untilInForce(cluster);
    expect(writes()).toBe(before);
  });

  it('is followed by one that takes away what was given up meanwhile', async () => {
    const cluster = await serve();
    await untilInForce(cluster);
    await sync().stop();
    await clear('registry.whitelist');
    await clear('registry.default');
    expect(policiesIn(cluster.simulated).size).toBe(4);
    await sync().start();
    await eventually(() => expect(policiesIn(cluster.simulated).size).toBe(0));
    await putSetting(owner(), env, 'registry.default', 'reg.corp');
  });

  it.each([1, 2, 3, 4].flatMap((n) => ['drop-before', 'drop-after'].map((fate) => [n, fate])))(
    'at write %i (%s) is followed by one that finishes, once in and once out',
    async (n, fate) => {
      const dropped = fate === 'drop-before' ? 'drop-before' : 'drop-after';
      const cluster = await serve();
      const begun = dieAtWrite(cluster, Number(n), dropped);
      await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
      await begun();
      await sync().start();
      await untilInForce(cluster);
      expect(policiesIn(cluster.simulated).size).toBe(4);
      const targets = await owner().client(endpoints.listTargets, { env, query: {} });
      const target = targets.items.find(({ clusterId }) => clusterId === cluster.id);
      const ended = dieAtWrite(cluster, Number(n), dropped);
      await owner().client(endpoints.deleteTarget, { env, targetId: target?.id ?? '' });
      await ended();
      await sync().start();
      await eventually(async () => {
        expect(policiesIn(cluster.simulated).size).toBe(0);
        const { items } = await owner().client(endpoints.listTargets, { env, query: {} });
        expect(items.map(({ clusterId }) => clusterId)).not.toContain(cluster.id);
      });
      await clear('registry.whitelist');
    },
  );
});

describe('a server that comes back with less permission', () => {
  const rulesWithout = (prefix: string | null) =>
    neededPermissions({ attach: true, nodeConfig: false, whitelist: true, rewriting: true })
      .filter(({ resource }) => prefix === null || !resource.startsWith(prefix))
      .map(({ group, resource, verb }) => ({
        apiGroups: [group],
        resources: [resource],
        verbs: [verb],
      }));

  // What it may not even look at it cannot take away: the target is all that remembers it.
  it('keeps a target on its way out until what it may not look at has left the cluster', async () => {
    const cluster = await stage.connect({ namespaces: ['team-a'], rules: rulesWithout(null) });
    const { simulated } = cluster;
    const target = await addTarget(stage, cluster.id, {
      namespaces: { include: ['team-*'], exclude: [], matchLabels: {} },
    });
    await putSetting(owner(), env, 'registry.default', 'reg.corp');
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await untilInForce(cluster);
    await sync().stop();
    simulated.setRules(rulesWithout('mutating'));
    await sync().start();
    await untilHalf(owner(), place(cluster, 'defaultRegistry'), { code: 'policy.forbidden' });
    await owner().client(endpoints.deleteTarget, { env, targetId: target.id });
    const isListed = async () => {
      const { items } = await owner().client(endpoints.listTargets, { env, query: {} });
      return items.some(({ id }) => id === target.id);
    };
    await eventually(() => expect(policiesIn(simulated).size).toBe(2));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([...policiesIn(simulated).keys()].every((kind) => kind.startsWith('mutating'))).toBe(
      true,
    );
    expect(await isListed()).toBe(true);
    simulated.setRules(rulesWithout(null));
    await eventually(async () => expect(await isListed()).toBe(false), 30_000);
    expect(policiesIn(simulated).size).toBe(0);
  });
});
