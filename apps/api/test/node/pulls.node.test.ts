import { endpoints } from '@moorage/contract';
import { checkRegistriesYaml } from '@moorage/core';
import { hasParts } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../sync-stage.js';
import {
  allowWhatIsPrinted,
  connectCluster,
  login,
  type RealNode,
  readSecretData,
  readTraces,
  startRealNode,
} from './real-node.js';

const env = 'platform';
const secretName = `moorage-${env}`;
const namespace = 'team-a';
const namespaces = { include: ['team-*'], exclude: [], matchLabels: {} };
const withoutLogin = /401 Unauthorized|authorization failed|no basic auth/;

describe.skipIf(!hasParts('node'))('pulls of a real node', () => {
  let real: RealNode;
  let clusterId: string;
  let targetId: string;
  let registryId: string;
  let before: readonly unknown[];

  beforeAll(async () => {
    real = await startRealNode();
    clusterId = await connectCluster(real);
    await real.kubernetes.createNamespace(namespace);
    await real.admin(endpoints.createEnvironment, { body: { displayName: 'Platform' } });
  });
  afterAll(() => real?.close());

  const runPod = (name: string) => real.node.runPod({ namespace, name, image: real.image });

  async function pullSecretHolds(addresses: readonly string[]): Promise<void> {
    await eventually(async () => {
      const data = await readSecretData(real.kubernetes, namespace, secretName);
      const document = JSON.parse(data?.['.dockerconfigjson'] ?? '{}') as { auths?: object };
      expect(Object.keys(document.auths ?? { absent: true })).toEqual(addresses);
    });
  }

  async function isRunning(name: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    // The kubelet tries again after ten seconds, then twenty, then forty.
    await eventually(async () => {
      const { json } = await real.kubernetes.call({ path });
      expect(json).toMatchObject({ status: { phase: 'Running' } });
    }, 90_000);
  }

  it('is allowed exactly what the printed manifest gives: workloads are listed, never touched', async () => {
    expect(await real.admin(endpoints.checkCluster, { clusterId })).toMatchObject({ ok: true });
    const { items } = await real.admin(endpoints.getClusterPermissions, { clusterId });
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ allowed }) => allowed)).toBe(true);
    const token = await real.kubernetes.createServiceAccountToken({
      namespace: 'moorage-system',
      name: 'moorage',
    });
    const statusOf = async ([method, path]: readonly [string, string]) =>
      (await real.kubernetes.call({ method, path, token, body: {} })).status;
    const lists = ['/api/v1/pods', '/apis/apps/v1/deployments'] as const;
    expect(await Promise.all(lists.map((path) => statusOf(['GET', path])))).toEqual([200, 200]);
    const pods = '/api/v1/namespaces/default/pods';
    const refused = [
      ['POST', pods],
      ['GET', `${pods}/any`],
      ['GET', `${pods}/any/log`],
      ['DELETE', `${pods}/any`],
      ['POST', '/apis/apps/v1/namespaces/default/deployments'],
      ['GET', '/api/v1/nodes'],
      ['GET', '/api/v1/configmaps'],
    ] as const;
    expect(await Promise.all(refused.map(statusOf))).toEqual(refused.map(() => 403));
  });

  it('are refused with 401 while the environment has no credential', async () => {
    before = await readTraces(real);
    const registry = await real.admin(endpoints.createRegistry, {
      env,
      body: { address: real.registry.address, connection: { scheme: 'http' } },
    });
    registryId = registry.id;
    const target = await real.admin(endpoints.createTarget, {
      env,
      body: { clusterId, namespaces },
    });
    targetId = target.id;
    await pullSecretHolds([]);
    const outcome = await runPod('without');
    expect(outcome.phase).toBe('refused');
    expect(outcome.message).toMatch(withoutLogin);
  });

  it('succeed once the credential is added, for new pods and for those that waited', async () => {
    await real.admin(endpoints.createCredential, { env, registryId, body: login });
    await pullSecretHolds([real.registry.address]);
    expect(await runPod('with')).toMatchObject({ phase: 'running' });
    await isRunning('without');
  });

  it('are refused again once the credential is disabled', async () => {
    const query = {};
    const { items } = await real.admin(endpoints.listCredentials, { env, registryId, query });
    const credentialId = items[0]?.id ?? '';
    await real.admin(endpoints.disableCredential, { env, registryId, credentialId });
    await pullSecretHolds([]);
    const outcome = await runPod('disabled');
    expect(outcome.phase).toBe('refused');
    expect(outcome.message).toMatch(withoutLogin);
    await real.admin(endpoints.enableCredential, { env, registryId, credentialId });
    await pullSecretHolds([real.registry.address]);
  });

  it('have node config with the login beside them when the target asks for it, and is allowed to', async () => {
    const asked = await real.admin(endpoints.updateTarget, {
      env,
      targetId,
      body: { nodeConfig: { enabled: true, distribution: 'k3s' } },
    });
    expect(asked.nodeConfig.enabled).toBe(true);
    expect(await allowWhatIsPrinted(real, clusterId)).toBeGreaterThan(0);
    await real.admin(endpoints.syncTarget, { env, targetId });
    const data = await eventually(async () => {
      const found = await readSecretData(real.kubernetes, 'moorage-system', 'moorage-node-config');
      const hosts = `hosts.toml.${real.registry.address.replace(':', '_')}_`;
      expect(Object.keys(found ?? {})).toEqual([hosts, 'registries.yaml']);
      return found;
    });
    const document = data?.['registries.yaml'] ?? '';
    const checked = checkRegistriesYaml({ document, distribution: 'k3s' });
    expect(checked).toMatchObject({
      valid: true,
      containerdAuth: { [real.registry.address]: { username: login.username } },
    });
    expect(document).toContain(JSON.stringify(login.password).slice(1, -1));
  });

  it('leave nothing behind when registry and target are deleted', async () => {
    await real.admin(endpoints.deleteRegistry, { env, registryId });
    await pullSecretHolds([]);
    await real.admin(endpoints.deleteTarget, { env, targetId });
    await eventually(async () => {
      const { total } = await real.admin(endpoints.listTargets, { env, query: {} });
      expect(total).toBe(0);
    });
    expect(await readTraces(real)).toEqual(before);
  });
});
