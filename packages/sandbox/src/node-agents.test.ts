import { agentPlace, decodeNodeReport, nodeReportKey, SYNC_MARKS } from '@moorage/core';
import { afterEach, expect, it, vi } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from './simulated-cluster.js';

let cluster: SimulatedCluster;
afterEach(() => cluster.stop());

function reportOf(node: string) {
  const configMap = cluster.get('configmaps', agentPlace.namespace, `moorage-node-${node}`);
  const data = configMap?.data as Record<string, string> | undefined; // a ConfigMap's own shape
  const decoded = decodeNodeReport(data?.[nodeReportKey] ?? '');
  if (!decoded.ok) throw new Error(`no report: ${decoded.error}`);
  return decoded.value;
}

function writeConfig(hash: string) {
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace: agentPlace.namespace,
      name: agentPlace.secret,
      annotations: { [SYNC_MARKS.contentHashAnnotation]: hash },
    },
  });
}

it('follows the node config on every node that has an agent', async () => {
  const version = 'v1.34.1+k3s1';
  const nodes = [
    { name: 'n1', version, hasAgent: true },
    { name: 'n2', version, hasAgent: false },
  ];
  cluster = await startSimulatedCluster({
    ...{ name: 'a', token: 't', namespaces: [agentPlace.namespace] },
    nodes,
  });
  expect(cluster.list('nodes').map(({ metadata }) => metadata.name)).toEqual(['n1', 'n2']);
  for (const hash of ['h1', 'h2']) {
    writeConfig(hash);
    await vi.waitFor(() =>
      expect(reportOf('n1')).toMatchObject({ appliedHash: hash, state: 'in-sync' }),
    );
  }
  expect(() => reportOf('n2')).toThrow('no report');
  cluster.remove('secrets', agentPlace.namespace, agentPlace.secret);
  await vi.waitFor(() =>
    expect(reportOf('n1')).toMatchObject({ appliedHash: null, restart: 'none' }),
  );
});
