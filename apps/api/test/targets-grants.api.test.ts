import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApiKey, buildEnvironment } from './factories.js';
import { problemOf } from './harness.js';
import {
  type ConnectedCluster,
  eventually,
  getTarget,
  type Stage,
  startStage,
} from './sync-stage.js';

let stage: Stage;
let env: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
});
afterAll(() => stage.close());

const admin = () => stage.cast.admin.client;
const owner = () => stage.cast.owner.client;
const namespaces = ['team-a', 'team-b'];
const nodeConfig = { enabled: true, distribution: 'k3s' } as const;
const nodeConfigIn = (cluster: ConnectedCluster) =>
  cluster.simulated.get('secrets', 'moorage-system', 'moorage-node-config');

async function grant(cluster: ConnectedCluster, globs: string[]): Promise<void> {
  const body = [{ environmentId: env, namespaces: globs }];
  await admin()(endpoints.putGrants, { clusterId: cluster.id, body });
}

// What nodes read decides where every namespace's images come from.
it('refuses an owner the nodes of a cluster of which only some namespaces are granted', async () => {
  const cluster = await stage.connect({ namespaces });
  await grant(cluster, ['team-*', 'moorage-*']);
  const wanted = { clusterId: cluster.id, nodeConfig };
  const target = await owner()(endpoints.createTarget, { env, body: { clusterId: cluster.id } });
  const targetId = target.id;
  for (const call of [
    () => owner()(endpoints.createTarget, { env, body: { ...wanted, secretName: 'second' } }),
    () => owner()(endpoints.planNewTarget, { env, body: wanted }),
    () => owner()(endpoints.updateTarget, { env, targetId, body: { nodeConfig } }),
  ]) {
    expect(await problemOf(call())).toMatchObject({ status: 403, code: 'target.not-granted' });
  }
});

it('refuses an owner the nodes also through a target that an administrator made', async () => {
  const cluster = await stage.connect({ namespaces });
  const body = { clusterId: cluster.id };
  const { id: targetId } = await admin()(endpoints.createTarget, { env, body });
  const refused = owner()(endpoints.updateTarget, { env, targetId, body: { nodeConfig } });
  expect(await problemOf(refused)).toMatchObject({ code: 'target.not-granted' });
});

it('lets an owner with a grant of every namespace reach the nodes, for as long as it lasts', async () => {
  const cluster = await stage.connect({ namespaces });
  await grant(cluster, ['*']);
  const body = { clusterId: cluster.id, nodeConfig };
  const { id } = await owner()(endpoints.createTarget, { env, body });
  await eventually(() => expect(nodeConfigIn(cluster)).toBeDefined());
  await grant(cluster, ['team-a']);
  await eventually(() => expect(nodeConfigIn(cluster)).toBeUndefined());
  await eventually(async () => expect((await getTarget(stage, id)).nodeConfig.state).toBeNull());
});

it("holds an administrator's key that does not manage clusters to the grants", async () => {
  const cluster = await stage.connect({ namespaces });
  const permissions = ['targets:read', 'targets:write'] as const;
  const narrow = await buildApiKey(stage.harness, stage.cast.admin.id, { permissions });
  const bound = await buildApiKey(stage.harness, stage.cast.admin.id, {
    permissions: [...permissions, 'clusters:manage'],
    environmentId: env,
  });
  const body = { clusterId: cluster.id };
  for (const { client } of [narrow, bound]) {
    const refused = await problemOf(client(endpoints.createTarget, { env, body }));
    expect(refused).toMatchObject({ status: 403, code: 'target.not-granted' });
    const { items } = await client(endpoints.listGrantedClusters, { env });
    expect(items.map(({ id }) => id)).not.toContain(cluster.id);
  }
});

it("refuses the name of the nodes' own Secret for a pull secret", async () => {
  const cluster = await stage.connect({ namespaces });
  const body = { clusterId: cluster.id, secretName: 'moorage-node-config' };
  expect(await problemOf(admin()(endpoints.createTarget, { env, body }))).toMatchObject({
    code: 'request.invalid',
    errors: [{ pointer: '/secretName' }],
  });
});

// Real logins would stand in a simulator's memory, behind plain http.
it('keeps simulated clusters to simulated environments, and these to them', async () => {
  const cluster = await stage.connect({ namespaces });
  const sandbox = await stage.connect({ namespaces });
  const demo = await buildEnvironment(stage.harness);
  const { database } = stage.harness;
  await database.execute('update clusters set simulated = true where id = $1', [sandbox.id]);
  await database.execute('update environments set simulated = true where id = $1', [demo.id]);
  for (const [environment, { id: clusterId }] of [
    [env, sandbox],
    [demo.id, cluster],
  ] as const) {
    const body = { clusterId };
    for (const endpoint of [endpoints.createTarget, endpoints.planNewTarget]) {
      const refused = await problemOf(admin()(endpoint, { env: environment, body }));
      expect(refused).toMatchObject({ status: 403, code: 'target.not-granted' });
    }
  }
  const body = { clusterId: sandbox.id };
  const created = await admin()(endpoints.createTarget, { env: demo.id, body });
  expect(created.simulated).toBe(true);
});
