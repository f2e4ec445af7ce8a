import { randomUUID } from 'node:crypto';
import { endpoints, NodeAgent, NodeStatusList } from '@moorage/contract';
import {
  agentPlace,
  encodeNodeReport,
  type NodeReport,
  nodeReportKey,
  nodeReportName,
  SYNC_MARKS,
} from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { neededPermissions } from '../src/clusters/cluster-permissions.js';
import { clientOf, problemOf } from './harness.js';
import { refusalsOf } from './registry-calls.js';
import {
  addTarget,
  type ConnectedCluster,
  eventually,
  type Stage,
  startStage,
} from './sync-stage.js';

let stage: Stage;
let near: ConnectedCluster;
let far: ConnectedCluster;
let env: string;

beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.name;
  [near, far] = await Promise.all([stage.connect(), stage.connect()]);
  const nodeConfig = { enabled: true, distribution: 'k3s' } as const;
  for (const { id, simulated } of [near, far]) {
    await addTarget(stage, id, { nodeConfig });
    for (const name of ['n1', 'n2', 'n3'])
      simulated.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  }
  await eventually(() => hashIn(near));
});
afterAll(() => stage.close());

/** What the agent reads from the Secret. */
function hashIn({ simulated }: ConnectedCluster): string {
  const secret = simulated.get('secrets', agentPlace.namespace, agentPlace.secret);
  const hash = secret?.metadata.annotations?.[SYNC_MARKS.contentHashAnnotation];
  if (hash === undefined) throw new Error('the node config is not there yet');
  return hash;
}

function report({ simulated }: ConnectedCluster, node: string, change: Partial<NodeReport> = {}) {
  const desiredHash = change.desiredHash ?? hashIn(near);
  const text = encodeNodeReport({
    version: 1,
    node,
    distribution: 'k3s',
    versions: { distribution: 'v1.34.1+k3s1', runtime: null, agent: '0.1.0' },
    desiredHash,
    appliedHash: desiredHash,
    state: 'in-sync',
    restart: 'live',
    drift: [],
    replaced: [],
    omitted: 0,
    lastError: null,
    reportedAt: new Date().toISOString(),
    ...change,
  });
  simulated.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      namespace: agentPlace.namespace,
      name: nodeReportName(node) ?? '',
      labels: { [agentPlace.reportLabel]: 'true' },
    },
    data: { [nodeReportKey]: text },
  });
}

function rulesWithout(missing: string | null) {
  const features = { attach: true, nodeConfig: true, whitelist: false, rewriting: false };
  return neededPermissions(features)
    .filter(({ resource }) => resource !== missing)
    .map(({ group, resource, verb, namespace }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [verb],
      ...(namespace === null ? {} : { namespaces: [namespace] }),
    }));
}

const list = (
  caller: Pick<Stage['cast']['owner'], 'client'> = stage.cast.viewer,
  clusterId?: string,
) =>
  caller.client(endpoints.listNodes, {
    env,
    query: clusterId === undefined ? {} : { clusterId },
  });
const agent = (query: { image?: string; distribution?: 'k3s' | 'containerd'; restart?: 'true' }) =>
  stage.cast.viewer.client(endpoints.getNodeAgent, { env, query });

describe('200', () => {
  it('shows every node of every cluster, and counts those without a report', async () => {
    report(near, 'n1');
    report(near, 'n2', { desiredHash: 'an older one' });
    const shown = NodeStatusList.strict().parse(await list());
    const nodes = shown.items.filter(({ clusterId }) => clusterId === near.id);
    expect(nodes.map(({ node, state }) => [node, state])).toEqual([
      ['n1', 'in-sync'],
      ['n2', 'pending'],
      ['n3', 'no-report'],
    ]);
    expect(nodes[0]).toMatchObject({
      version: 'v1.34.1+k3s1',
      agentVersion: '0.1.0',
      distribution: 'k3s',
      desiredHash: hashIn(near),
      appliedHash: hashIn(near),
    });
    const counts = { nodes: 3, state: 'read', detail: null, simulated: false };
    expect(shown.clusters).toMatchObject([
      { clusterId: near.id, ...counts, reporting: 2, inSync: 1 },
      { clusterId: far.id, ...counts, reporting: 0, inSync: 0 },
    ]);
  });

  it('follows the config that is in the cluster now, and new nodes', async () => {
    report(near, 'n1');
    const before = hashIn(near);
    await stage.cast.owner.client(endpoints.createMirror, {
      env,
      body: { registry: 'quay.io', endpoints: ['https://mirror.example.com'] },
    });
    await eventually(() => expect(hashIn(near)).not.toBe(before));
    near.simulated.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n0' } });
    const shown = await list(stage.cast.owner, near.id);
    expect(shown.clusters).toHaveLength(1);
    expect(shown.items.slice(0, 2).map(({ node, state }) => [node, state])).toEqual([
      ['n0', 'no-report'],
      ['n1', 'pending'],
    ]);
    near.simulated.remove('nodes', '', 'n0');
  });

  it('shows hand edits and errors as they are reported, and no report that is none', async () => {
    report(near, 'n1', {
      state: 'drift',
      drift: [{ path: '/etc/rancher/k3s/registries.yaml', change: 'changed' }],
    });
    report(near, 'n2', {
      state: 'failed',
      restart: 'containerd',
      lastError: { code: 'node-agent.rolled-back', detail: 'containerd did not come back.' },
    });
    report(near, 'n3', { node: 'another' });
    const shown = await list(stage.cast.viewer, near.id);
    expect(shown.items).toMatchObject([
      { state: 'drift', drift: [{ change: 'changed' }] },
      { state: 'failed', restart: 'containerd', lastError: { code: 'node-agent.rolled-back' } },
      { state: 'no-report', lastError: { code: 'node-agent.report-unreadable' } },
    ]);
  });

  it('needs what the printed permissions give and no more, and tells what is missing', async () => {
    const readWithout = async (missing: string | null) => {
      near.simulated.setRules(rulesWithout(missing));
      return (await list(stage.cast.viewer, near.id)).clusters[0];
    };
    expect(await readWithout(null)).toMatchObject({ state: 'read', nodes: 3 });
    expect(await readWithout('nodes')).toMatchObject({
      state: 'forbidden',
      detail: expect.stringContaining('may not list nodes') as string,
      nodes: 0,
    });
    expect(await readWithout('configmaps')).toMatchObject({
      state: 'forbidden',
      detail: expect.stringContaining('reports') as string,
    });
    near.simulated.setRules([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  });

  it('tells what does not answer, beside what it has read', async () => {
    await far.simulated.setUnreachable('reset');
    const { clusters, items } = await list();
    expect(clusters).toMatchObject([
      { state: 'read', nodes: 3 },
      { state: 'unreachable', detail: expect.stringContaining('closed') as string, nodes: 0 },
    ]);
    expect(items).toHaveLength(3);
    await far.simulated.setUnreachable(undefined);
  });

  // What a cluster answers is not ours: one must not keep the others from being seen.
  it('shows the other clusters beside one that answers in shapes that Kubernetes does not have', async () => {
    const metadata = {
      namespace: agentPlace.namespace,
      labels: { [agentPlace.reportLabel]: 'true' },
    };
    for (const [node, text] of Object.entries({ n1: null, n2: 7, n3: { node: 'n3' } })) {
      const data = { [nodeReportKey]: text };
      const name = nodeReportName(node);
      far.simulated.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...metadata, name },
        data,
      });
    }
    const shown = NodeStatusList.strict().parse(await list());
    expect(shown.clusters).toMatchObject([
      { state: 'read', nodes: 3 },
      { clusterId: far.id, state: 'read', nodes: 3, reporting: 0 },
    ]);
  });

  it('gives the manifest of the agent, with the image that was asked for', async () => {
    const image = 'reg.example.com/ops/moorage-agent:1.2';
    const given = NodeAgent.strict().parse(await agent({ image, restart: 'true' }));
    expect(given.image).toBe(image);
    const documents = parseAllDocuments(given.manifest).map((each) => each.toJS() as object);
    expect(documents.map((each) => (each as { kind: string }).kind)).toContain('DaemonSet');
    expect(given.manifest).toContain(image);
    expect((await agent({})).image).toMatch(/^localhost\/moorage-agent:/);
    expect((await agent({ distribution: 'containerd' })).manifest).toContain('/etc/containerd');
  });
});

describe('400, 401, 404', () => {
  it('refuses what is no image', async () => {
    const problem = await problemOf(agent({ image: 'a b' }));
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(problem.errors?.[0]).toMatchObject({ pointer: 'image' });
  });

  it('is closed to nobody and to strangers, and knows no foreign cluster', async () => {
    expect(
      await refusalsOf([
        list({ client: clientOf(stage.harness) }),
        list(stage.cast.stranger),
        list(stage.cast.owner, randomUUID()),
      ]),
    ).toEqual(['401 session.required', '404 object.not-found']);
  });
});
