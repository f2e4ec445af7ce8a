import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasParts,
  type Kubernetes,
  pushTestImage,
  type Registry,
  startKubernetes,
  startNode,
  startRegistry,
  type TestNode,
} from '../src/index.js';

const login = { username: 'puller', password: 'correct horse' };

describe.skipIf(!hasParts('node'))('a real node', () => {
  let kubernetes: Kubernetes;
  let registry: Registry;
  let node: TestNode;
  let image: string;

  beforeAll(async () => {
    [kubernetes, registry] = await Promise.all([
      startKubernetes({ controllerManager: true }),
      startRegistry({ htpasswd: [login] }),
    ]);
    ({ reference: image } = await pushTestImage({
      address: registry.address,
      repository: 'team/app',
      tag: '1',
      login,
    }));
    node = await startNode({ kubernetes });
    await kubernetes.createNamespace('pulling');
  });
  afterAll(async () => {
    await node?.stop();
    await registry?.stop();
    await kubernetes?.stop();
  });

  async function pullSecret(name: string, password: string): Promise<void> {
    const auth = Buffer.from(`${login.username}:${password}`).toString('base64');
    const config = { auths: { [registry.address]: { username: login.username, password, auth } } };
    const reply = await kubernetes.call({
      method: 'POST',
      path: '/api/v1/namespaces/pulling/secrets',
      body: {
        metadata: { name },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: { '.dockerconfigjson': JSON.stringify(config) },
      },
    });
    expect(reply.status).toBe(201);
  }

  it('refuses the pod of a protected image without a pull secret', async () => {
    const outcome = await node.runPod({ namespace: 'pulling', name: 'without', image });
    expect(outcome.phase).toBe('refused');
    expect(outcome.message).toMatch(/401 Unauthorized|authorization failed|no basic auth/);
  });

  it('refuses it with a wrong password', async () => {
    await pullSecret('wrong', 'wrong');
    const pod = { namespace: 'pulling', name: 'wrong', image, imagePullSecrets: ['wrong'] };
    expect((await node.runPod(pod)).phase).toBe('refused');
  });

  it('runs it with the pull secret of its service account', async () => {
    await pullSecret('right', login.password);
    const account = '/api/v1/namespaces/pulling/serviceaccounts/default';
    await kubernetes.call({
      method: 'PATCH',
      path: account,
      body: { imagePullSecrets: [{ name: 'right' }] },
      contentType: 'application/merge-patch+json',
    });
    expect(await node.runPod({ namespace: 'pulling', name: 'with', image })).toMatchObject({
      phase: 'running',
    });
    const manifests = registry
      .accessLog()
      .filter(({ path }) => path.startsWith('/v2/team/app/manifests/1'));
    expect(
      manifests.some(
        ({ status, userAgent }) => status === 200 && userAgent.startsWith('containerd/'),
      ),
    ).toBe(true);
  });

  it('reads hosts.toml again at each pull', async () => {
    const server = `server = "http://${registry.address}"\n`;
    const mirror = `${server}[host."http://${registry.address}"]\n  capabilities = ["pull", "resolve"]\n`;
    node.configureHost('registry.example.com', mirror);
    const pull = ['images', 'pull', '--snapshotter', 'native', '--hosts-dir', node.certsDirectory];
    const user = ['--user', `${login.username}:${login.password}`];
    const output = await node.ctr([...pull, ...user, 'registry.example.com/team/app:1']);
    expect(output).toContain('done');
    expect(registry.accessLog().some(({ path }) => path.includes('ns=registry.example.com'))).toBe(
      true,
    );
  });
});
