import { endpoints, PolicyImpact } from '@moorage/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DemoService } from '../src/demo/demo.service.js';
import { buildAdmin, type TestUser } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let admin: TestUser;
beforeAll(async () => {
  harness = await startHarness();
  admin = await buildAdmin(harness);
  await harness.app.get(DemoService).start();
});
afterAll(() => harness.close());

const targets = async () => (await admin.client(endpoints.listTargets, { env: 'demo' })).items;

it('seeds an environment whose every part is labelled as simulated', async () => {
  expect(await admin.client(endpoints.getEnvironment, { env: 'demo' })).toMatchObject({
    simulated: true,
  });
  const { items } = await admin.client(endpoints.listClusters, {});
  expect(items.map(({ name, simulated }) => [name, simulated])).toEqual([
    ['sandbox-east', true],
    ['sandbox-edge', true],
  ]);
  expect((await admin.client(endpoints.listRegistries, { env: 'demo' })).total).toBe(3);
  expect((await admin.client(endpoints.listRegistries, { env: 'default' })).total).toBe(0);
});

it('brings its logins into every namespace of the simulated clusters', {
  timeout: 30_000,
}, async () => {
  await expect
    .poll(
      async () =>
        (await targets()).map(
          ({ status }) => status.inSync > 0 && status.inSync === status.namespaces,
        ),
      { timeout: 20_000 },
    )
    .toEqual([true, true]);
});

it('has simulated workloads that a policy can be tried on', async () => {
  const report = PolicyImpact.parse(
    await admin.client(endpoints.putSetting, {
      ...{ env: 'demo', name: 'registry.whitelist', query: { dryRun: 'true' } },
      body: { value: 'harbor.moorage.example,ghcr.moorage.example' },
    }),
  );
  expect(report.clusters.map(({ simulated, state }) => [simulated, state])).toEqual([
    [true, 'read'],
    [true, 'read'],
  ]);
  expect([report.workloads, report.refusedWorkloads]).toEqual([9, 6]);
});

it('has simulated nodes that report their node config, and one without an agent', {
  timeout: 30_000,
}, async () => {
  await expect
    .poll(
      async () => {
        const { items } = await admin.client(endpoints.listNodes, { env: 'demo' });
        return items.map(({ node, state, simulated }) => `${node} ${state} ${simulated}`);
      },
      { timeout: 20_000 },
    )
    .toEqual(['edge-1 in-sync true', 'edge-2 in-sync true', 'edge-3 no-report true']);
});

it('is not seeded a second time', async () => {
  await harness.app.get(DemoService).start();
  expect((await admin.client(endpoints.listEnvironments, { query: { q: 'demo' } })).total).toBe(1);
});

it('goes with its environment, clusters and all, and stays away', { timeout: 30_000 }, async () => {
  await admin.client(endpoints.deleteEnvironment, { env: 'demo' });
  await expect
    .poll(async () => (await admin.client(endpoints.listClusters, {})).total, { timeout: 20_000 })
    .toBe(0);
  expect((await problemOf(admin.client(endpoints.getEnvironment, { env: 'demo' }))).status).toBe(
    404,
  );
  await harness.app.get(DemoService).start();
  expect(
    (await admin.client(endpoints.listEnvironments, {})).items.map(({ name }) => name),
  ).toEqual(['default']);
});
