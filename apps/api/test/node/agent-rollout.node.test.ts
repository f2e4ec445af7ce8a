import { endpoints } from '@moorage/contract';
import { agentPlace, type NodeReport } from '@moorage/core';
import { hasParts } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../sync-stage.js';
import { type AgentNode, type AgentStage, startAgentStage } from './agent-stage.js';
import { allowWhatIsPrinted, connectCluster, login } from './real-node.js';

const env = 'platform';
const namespaces = { include: ['team-*'], exclude: [], matchLabels: {} };
const registriesFile = '/etc/rancher/k3s/registries.yaml';
const leasePath = `/apis/coordination.k8s.io/v1/namespaces/moorage-system/leases/${agentPlace.lease}`;
/** A restart, its time limit and the way back, one node after the other, on two shared cores. */
const patience = 150_000;

describe.skipIf(!hasParts('node'))('restarts of two real nodes', () => {
  let stage: AgentStage;
  let nodes: readonly [AgentNode, AgentNode];
  let registryId: string;

  beforeAll(async () => {
    stage = await startAgentStage();
    const clusterId = await connectCluster(stage);
    nodes = [stage, await stage.addNode()];
    await stage.admin(endpoints.createEnvironment, { body: { displayName: 'Platform' } });
    const nodeConfig = { enabled: true, distribution: 'k3s' } as const;
    const body = { clusterId, namespaces, nodeConfig };
    await stage.admin(endpoints.createTarget, { env, body });
    await allowWhatIsPrinted(stage, clusterId);
    const registry = await stage.admin(endpoints.createRegistry, {
      env,
      body: { address: stage.registry.address, connection: { scheme: 'http' } },
    });
    registryId = registry.id;
    await stage.deploy({ restart: true, timeLimitSeconds: 15 });
    await areReported([{ state: 'in-sync' }, { state: 'in-sync' }]);
  });
  afterAll(() => stage?.close());

  const addCredential = (username: string) => {
    const body = { username, password: login.password };
    return stage.admin(endpoints.createCredential, { env, registryId, body });
  };
  const reports = async (): Promise<NodeReport[]> => {
    const all = await Promise.all(nodes.map((node) => node.report()));
    return all.filter((report) => report !== null);
  };
  const areReported = (expected: readonly object[]) =>
    eventually(async () => expect(await reports()).toMatchObject(expected), patience);
  const starts = () => nodes.map(({ k3s }) => k3s.starts().length);

  it('come one after the other', async () => {
    const before = starts();
    const lease: (string | null)[] = [];
    await addCredential(login.username);
    await eventually(async () => {
      const { json } = await stage.kubernetes.call({ path: leasePath });
      const { spec } = json as { spec?: { holderIdentity?: string } };
      if (lease.at(-1) !== (spec?.holderIdentity ?? null)) lease.push(spec?.holderIdentity ?? null);
      expect(await reports()).toMatchObject([
        { state: 'in-sync', restart: 'live' },
        { state: 'in-sync', restart: 'live' },
      ]);
      expect(starts()).toEqual(before.map((count) => count + 1));
    }, patience);
    const [first = 0, second = 0] = nodes.map(({ k3s }) => k3s.starts().at(-1) ?? 0);
    // Two good looks at its health, two seconds apart, lie between one node and the next.
    expect(Math.abs(first - second)).toBeGreaterThan(2_000);
    expect(lease.filter((holder) => holder?.startsWith('node-'))).toHaveLength(2);
  });

  it('stop at the first node that does not come back; the other keeps running as it is', async () => {
    const before = starts();
    await addCredential('refuse-to-start');
    await eventually(async () => {
      const codes = (await reports()).map(({ lastError }) => lastError?.code).toSorted();
      expect(codes).toEqual(['restart.rolled-back', 'restart.stopped']);
    }, patience);
    const stopped = (await reports()).findIndex(
      ({ lastError }) => lastError?.code === 'restart.stopped',
    );
    expect((await reports())[stopped]).toMatchObject({ state: 'restart-needed', restart: 'k3s' });
    expect((await reports())[stopped]?.lastError?.detail).toContain('delete lease');
    expect(starts()[stopped]).toBe(before[stopped]);
    expect(nodes[1 - stopped]?.read(registriesFile)).not.toContain('refuse-to-start');
  });

  it('go on when a person deletes the lease', async () => {
    const before = starts();
    await stage.kubernetes.call({ method: 'DELETE', path: leasePath });
    // The config is still bad: whichever node is next stops the series anew.
    await eventually(async () => {
      expect(starts().reduce((sum, count) => sum + count)).toBeGreaterThan(
        before.reduce((sum, count) => sum + count),
      );
      const { json } = await stage.kubernetes.call({ path: leasePath });
      expect(json).toMatchObject({
        metadata: { annotations: { [agentPlace.stoppedAnnotation]: expect.any(String) } },
      });
    }, patience);
  });

  it('end well on every node once there is a config that works', async () => {
    await addCredential(login.username);
    await areReported([
      { state: 'in-sync', restart: 'live', lastError: null },
      { state: 'in-sync', restart: 'live', lastError: null },
    ]);
    const { json } = await stage.kubernetes.call({ path: leasePath });
    expect(JSON.stringify(json)).not.toContain(agentPlace.stoppedAnnotation);
    for (const { read } of nodes) expect(read(registriesFile)).toContain(login.username);
  });
});
