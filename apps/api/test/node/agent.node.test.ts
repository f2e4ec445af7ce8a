import { endpoints } from '@moorage/contract';
import { agentPlace, encodeNodeFiles } from '@moorage/core';
import { hasParts, pushTestImage, type Registry, startRegistry } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../sync-stage.js';
import { type AgentStage, startAgentStage } from './agent-stage.js';
import { allowWhatIsPrinted, connectCluster, login } from './real-node.js';

const env = 'platform';
const namespace = 'apps';
/** The pull secret of the target goes elsewhere: these pulls use what the node knows. */
const namespaces = { include: ['team-*'], exclude: [], matchLabels: {} };
const certs = '/var/lib/rancher/k3s/agent/etc/containerd/certs.d';
const registriesFile = '/etc/rancher/k3s/registries.yaml';
/** Two cores are shared, and the kubelet waits longer after each kill. */
const patience = 90_000;

describe.skipIf(!hasParts('node'))('the agent on a real node', () => {
  let stage: AgentStage;
  let clusterId: string;
  let targetId: string;
  let registryId: string;
  let origin: Registry;
  let mirror: Registry;
  let image: string;
  let mirrorId: string;

  beforeAll(async () => {
    stage = await startAgentStage();
    origin = await startRegistry();
    mirror = await startRegistry();
    const pushed = { repository: 'team/tool', tag: '1' };
    await pushTestImage({ ...pushed, address: mirror.address });
    ({ reference: image } = await pushTestImage({ ...pushed, address: origin.address }));
    clusterId = await connectCluster(stage);
    await stage.kubernetes.createNamespace(namespace);
    await stage.admin(endpoints.createEnvironment, { body: { displayName: 'Platform' } });
    const target = await stage.admin(endpoints.createTarget, {
      env,
      body: { clusterId, namespaces, nodeConfig: { enabled: true, distribution: 'k3s' } },
    });
    targetId = target.id;
    await allowWhatIsPrinted(stage, clusterId);
    stage.put(`${certs}/theirs.example.com/hosts.toml`, 'server = "https://theirs.example.com"\n');
    stage.put(registriesFile, '# written before the agent came\n');
  });
  afterAll(async () => {
    await stage?.close();
    await Promise.all([origin?.stop(), mirror?.stop()]);
  });

  const runPod = (name: string, of = image) => stage.node.runPod({ namespace, name, image: of });
  const hostsOf = (address: string) => stage.read(`${certs}/${address}/hosts.toml`);
  // A pull that meets containerd while it starts fails once, whatever its login.
  const runsAfterRestart = (name: string) => {
    let tries = 0;
    return eventually(async () => {
      tries += 1;
      const outcome = await runPod(`${name}-${tries}`, stage.image);
      expect(outcome).toMatchObject({ phase: 'running' });
    }, patience);
  };
  const isReported = (report: object) =>
    eventually(async () => expect(await stage.report()).toMatchObject(report), patience);
  const pullsOf = (registry: Registry) =>
    registry.accessLog().filter(({ userAgent }) => userAgent.startsWith('containerd/'));
  const addCredential = (username: string, password: string) =>
    stage.admin(endpoints.createCredential, { env, registryId, body: { username, password } });
  const readLease = async () => {
    const path = `/apis/coordination.k8s.io/v1/namespaces/moorage-system/leases/${agentPlace.lease}`;
    return (await stage.kubernetes.call({ path })).json;
  };

  it('runs from its image without any privilege, keeps what was there and reports', async () => {
    await stage.deploy();
    await isReported({ state: 'in-sync', restart: 'live', drift: [], lastError: null });
    const [kept] = (await stage.report())?.replaced ?? [];
    expect(kept?.path).toBe(registriesFile);
    expect(stage.read(kept?.backup ?? '')).toBe('# written before the agent came\n');
    expect(stage.mode(registriesFile)).toBe('600');
    expect(stage.mode('/etc/rancher/k3s')).toBe('700');
    const { items } = await stage.admin(endpoints.listNodes, { env, query: {} });
    expect(items).toMatchObject([{ node: stage.node.name, state: 'in-sync', restart: 'live' }]);
  });

  it('may read its one Secret and nothing else of the cluster', async () => {
    const account = { namespace: agentPlace.namespace, name: agentPlace.name };
    const token = await stage.kubernetes.createServiceAccountToken(account);
    const secrets = '/api/v1/namespaces/moorage-system/secrets';
    const selected = `${secrets}?fieldSelector=metadata.name%3D${agentPlace.secret}`;
    const paths = [
      [selected, 200],
      [`/api/v1/nodes/${stage.node.name}`, 200],
      [secrets, 403],
      [`${secrets}/moorage-token`, 403],
      ['/api/v1/secrets', 403],
      ['/api/v1/nodes', 403],
      ['/api/v1/namespaces/moorage-system/configmaps', 403],
      ['/api/v1/namespaces/default/configmaps/kube-root-ca.crt', 403],
      ['/api/v1/pods', 403],
      ['/apis/coordination.k8s.io/v1/namespaces/moorage-system/leases/x', 403],
    ] as const;
    for (const [path, status] of paths) {
      expect([path, (await stage.kubernetes.call({ path, token })).status]).toEqual([path, status]);
    }
  });

  it('brings a mirror that is added in the product into the next pull, without a restart', async () => {
    expect(await runPod('before')).toMatchObject({ phase: 'running' });
    expect(pullsOf(mirror)).toEqual([]);
    const starts = stage.k3s.starts().length;
    const body = { registry: origin.address, endpoints: [mirror.url], rewrites: [] };
    ({ id: mirrorId } = await stage.admin(endpoints.createMirror, { env, body }));
    const changedAt = performance.now();
    await eventually(() => expect(hostsOf(origin.address)).toContain(`[host."${mirror.url}/v2"]`));
    const took = Math.round(performance.now() - changedAt);
    process.stdout.write(`from the change in the product to the file on the node: ${took} ms\n`);
    const seenBefore = pullsOf(origin).length;
    expect(await runPod('after')).toMatchObject({ phase: 'running' });
    const [first] = pullsOf(mirror);
    expect(first).toMatchObject({ method: 'HEAD', status: 200 });
    expect(first?.path).toBe(`/v2/team/tool/manifests/1?ns=${encodeURIComponent(origin.address)}`);
    expect(pullsOf(origin).length).toBe(seenBefore);
    expect(stage.k3s.starts().length).toBe(starts);
    await isReported({ state: 'in-sync', restart: 'live' });
  });

  it('shows a hand edit as drift and leaves it, until a person wishes otherwise', async () => {
    const path = `${certs}/${origin.address}/hosts.toml`;
    const ours = hostsOf(origin.address);
    stage.put(path, '# by hand\n', 'now');
    await isReported({ state: 'drift', drift: [{ path, change: 'changed' }] });
    expect(stage.read(path)).toBe('# by hand\n');
    const name = `moorage-node-${stage.node.name}`;
    await stage.kubernetes.call({
      method: 'PATCH',
      path: `/api/v1/namespaces/moorage-system/configmaps/${name}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { [agentPlace.writeOverAnnotation]: 'please' } } },
    });
    await isReported({ state: 'in-sync', drift: [] });
    expect(stage.read(path)).toBe(ours);
  });

  it('leaves old or new when it is killed in the middle of a change', async () => {
    // Each of them is one host in the file; the registry's own address would fold into its default.
    const urls = [mirror.url, 'https://second.example.com', 'https://elsewhere.example.com'];
    const whole = (text: string | null) =>
      text?.endsWith('\n') === true && text.split('[host."').length === 2;
    // One that was killed is still listed for a moment: it must not be taken for the next.
    const killed = new Set<number>();
    for (let round = 0; round < 2; round += 1) {
      const pid = await eventually(() => {
        const [next, ...others] = stage.agentPids().filter((each) => !killed.has(each));
        expect(others).toEqual([]);
        if (next === undefined) throw new Error('the agent has not started again yet');
        return next;
      }, patience);
      const changes = Promise.all(
        urls.map((url) =>
          stage.admin(endpoints.updateMirror, { env, mirrorId, body: { endpoints: [url] } }),
        ),
      );
      await changes;
      process.kill(pid, 'SIGKILL');
      killed.add(pid);
      expect(whole(hostsOf(origin.address))).toBe(true);
      expect(stage.read(registriesFile)).toMatch(/\n$/);
    }
    await stage.admin(endpoints.updateMirror, { env, mirrorId, body: { endpoints: [mirror.url] } });
    await eventually(() => expect(hostsOf(origin.address)).toContain(mirror.url), patience);
    await isReported({ state: 'in-sync', drift: [] });
  });

  it('says that logins need a restart where it may not restart anything', async () => {
    const registry = await stage.admin(endpoints.createRegistry, {
      env,
      body: { address: stage.registry.address, connection: { scheme: 'http' } },
    });
    registryId = registry.id;
    await addCredential(login.username, 'planted-wrong');
    await isReported({ state: 'restart-needed', restart: 'k3s' });
    expect(stage.read(registriesFile)).toContain('planted-wrong');
  });

  it('restarts when it may: the node reads the login, then the rotated one', async () => {
    const starts = stage.k3s.starts().length;
    await stage.deploy({ restart: true, timeLimitSeconds: 20 });
    await isReported({ state: 'in-sync', restart: 'live', lastError: null });
    expect(stage.k3s.starts().length).toBe(starts + 1);
    const refused = await runPod('wrong', stage.image);
    expect(refused).toMatchObject({ phase: 'refused' });
    expect(refused.message).toMatch(/401 Unauthorized|authorization failed/);
    await addCredential(login.username, login.password);
    await eventually(() => expect(stage.k3s.starts().length).toBe(starts + 2), patience);
    await isReported({ state: 'in-sync', restart: 'live' });
    await runsAfterRestart('right');
    expect(await readLease()).toMatchObject({ spec: { holderIdentity: '' } });
  });

  it('goes back when the node does not come back, and stops there until there is another config', async () => {
    await addCredential('refuse-to-start', 'planted-bad');
    await isReported({ state: 'failed', lastError: { code: 'restart.rolled-back' } });
    expect(stage.read(registriesFile)).not.toContain('refuse-to-start');
    await runsAfterRestart('still');
    expect(await readLease()).toMatchObject({
      spec: { holderIdentity: '' },
      metadata: {
        annotations: { [agentPlace.stoppedAnnotation]: expect.stringContaining(stage.node.name) },
      },
    });
    await addCredential(login.username, login.password);
    await isReported({ state: 'in-sync', restart: 'live', lastError: null });
    const lease = await readLease();
    expect(JSON.stringify(lease)).not.toContain(agentPlace.stoppedAnnotation);
  });

  it('takes its files away with the target, and leaves those of others', async () => {
    await stage.admin(endpoints.deleteTarget, { env, targetId });
    await eventually(() => expect(stage.read(registriesFile)).toBeNull(), patience);
    await eventually(() => expect(hostsOf(origin.address)).toBeNull(), patience);
    expect(hostsOf('theirs.example.com')).toBe('server = "https://theirs.example.com"\n');
    await isReported({ desiredHash: null, appliedHash: null, restart: 'none' });
  });

  it('refuses a broken config and says where it is broken', async () => {
    const broken = 'mirrors:\n  docker.io:\n    endpoint: planted-text\n';
    const reply = await stage.kubernetes.call({
      method: 'POST',
      path: '/api/v1/namespaces/moorage-system/secrets',
      body: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: agentPlace.secret },
        stringData: { 'registries.yaml': broken },
      },
    });
    expect(reply.status).toBe(201);
    await isReported({ state: 'failed', lastError: { code: 'config.refused' } });
    expect((await stage.report())?.lastError?.detail).toMatch(/^registries\.yaml, line 3/);
    expect(stage.read(registriesFile)).toBeNull();
  });

  it('brings as much as a Secret holds, in bounded memory', async () => {
    const names = Array.from({ length: 3_700 }, (_, index) => `registry-${index}.example.com`);
    const mirrors = names.map((name) => `  "${name}":\n    endpoint: ["https://m.example.com"]\n`);
    const content = `mirrors:\n${mirrors.join('')}`;
    const encoded = encodeNodeFiles([{ path: registriesFile, mode: '0600', content }], 'k3s');
    const data = encoded.ok ? encoded.value : {};
    const bytes = Object.values(data).reduce((sum, text) => sum + text.length, 0);
    const reply = await stage.kubernetes.call({
      method: 'PATCH',
      path: `/api/v1/namespaces/moorage-system/secrets/${agentPlace.secret}`,
      contentType: 'application/merge-patch+json',
      body: { stringData: data },
    });
    expect(reply.status).toBe(200);
    const begun = performance.now();
    await isReported({ state: 'in-sync', restart: 'live', lastError: null });
    const took = Math.round(performance.now() - begun);
    expect(hostsOf(names.at(-1) ?? '')).toContain('[host."https://m.example.com/v2"]');
    const peak = stage.agentPeakMegabytes();
    process.stdout.write(`${bytes} bytes in 3,701 files: ${took} ms, at most ${peak} MB\n`);
    // The limit of its container is 256 MiB, and a probe runs beside it.
    expect(peak).toBeLessThan(200);
  });

  it('brings the same mirrors to a containerd that no K3s drives', async () => {
    const content = `mirrors:\n  "${origin.address}":\n    endpoint: ["${mirror.url}"]\n`;
    const encoded = encodeNodeFiles([{ path: registriesFile, mode: '0600', content }], 'k3s');
    const secret = `/api/v1/namespaces/moorage-system/secrets/${agentPlace.secret}`;
    await stage.kubernetes.call({ method: 'DELETE', path: secret });
    await stage.kubernetes.call({
      method: 'POST',
      path: '/api/v1/namespaces/moorage-system/secrets',
      body: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: agentPlace.secret },
        stringData: encoded.ok ? encoded.value : {},
      },
    });
    await stage.deploy({ distribution: 'containerd' });
    await isReported({ distribution: 'containerd', state: 'in-sync', lastError: null });
    const hosts = stage.k3s.place('/etc/containerd/certs.d');
    const before = pullsOf(mirror).length;
    await stage.node.removeImage(image);
    await stage.node.ctr([
      ...['images', 'pull', '--snapshotter', 'native', '--hosts-dir', hosts],
      image,
    ]);
    expect(pullsOf(mirror).length).toBeGreaterThan(before);
    expect((await stage.report())?.versions.distribution).toMatch(/^1\./);
  });

  it('ends cleanly when it is asked to, and has told no secret', async () => {
    const [pid = 0] = stage.agentPids();
    process.kill(pid, 'SIGTERM');
    await eventually(() => expect(stage.agentLog()).toContain('"message":"stopped"'));
    const told = `${stage.agentLog()}${JSON.stringify(await stage.report())}`;
    expect(told).not.toContain('planted');
    expect(told).not.toContain(login.password);
  });
});
