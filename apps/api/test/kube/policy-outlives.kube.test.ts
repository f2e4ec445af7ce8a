/** A policy needs nobody: it goes on when the server that wrote it was killed. */
import { createClient, endpoints } from '@moorage/contract';
import { hasParts, type Kubernetes, startKubernetes } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct } from '../automation-product.js';
import { applyManifest } from '../rbac-manifest.js';
import { eventually } from '../sync-stage.js';

describe.skipIf(!hasParts('kubernetes'))('a policy in force', () => {
  let kubernetes: Kubernetes;
  beforeAll(async () => {
    kubernetes = await startKubernetes({ name: 'outlives' });
    await kubernetes.createNamespace('team-a');
  });
  afterAll(() => kubernetes?.stop());

  const pod = (image: string) =>
    kubernetes.call({
      method: 'POST',
      path: '/api/v1/namespaces/team-a/pods?dryRun=All',
      body: { metadata: { generateName: 'p-' }, spec: { containers: [{ name: 'c', image }] } },
    });

  it('refuses when the server is dead, and after a restart of the API server from its first request', async () => {
    const product = await startProduct([
      'clusters:manage',
      'environments:manage',
      'settings:read',
      'settings:write',
      'targets:read',
      'targets:write',
    ]);
    const headers = { authorization: `Bearer ${product.apiKey}` };
    const client = createClient({ baseUrl: `${product.url}/api/v1`, headers });
    const account = { namespace: 'moorage-system', name: 'moorage' };
    const kubeconfig = await kubernetes.kubeconfigForServiceAccount(account);
    const { id: clusterId } = await client(endpoints.createCluster, {
      body: { name: 'real', kubeconfig },
    });
    const env = 'default';
    await client(endpoints.createTarget, {
      env,
      body: { clusterId, namespaces: { include: ['team-*'], exclude: [], matchLabels: {} } },
    });
    const body = { value: 'ghcr.io/org', acknowledged: true };
    await client(endpoints.putSetting, { env, name: 'registry.whitelist', body });
    const { manifest } = await client(endpoints.getClusterPermissions, { clusterId });
    await applyManifest(kubernetes, manifest);
    await eventually(async () => {
      const { clusters } = await client(endpoints.getPolicy, { env });
      expect(clusters).toEqual([
        expect.objectContaining({ whitelist: expect.objectContaining({ state: 'in-force' }) }),
      ]);
    }, 60_000);
    await product.kill();
    for (let round = 0; round < 20; round += 1) expect((await pod('evil.io/x')).status).toBe(403);
    expect((await pod('ghcr.io/org/app')).status).toBe(201);
    await kubernetes.stopApiServer();
    await kubernetes.startApiServer();
    expect((await pod('evil.io/x')).status).toBe(403);
  });
});
