/**
 * How mirrors and logins reach nodes, and how nodes stand: lists of images, links, the agent's manifest,
 * reports of agents in a simulated cluster, and what a viewer is offered.
 */
import { randomBytes } from 'node:crypto';
import { agentPlace, nodeReportKey, nodeReportName } from '@moorage/core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './running-app';
import { type SecuredCluster, startSecuredCluster } from './secured-cluster';
import { launchBrowser, open, openContext, signIn, takePicture, wordsOf } from './visitor';

const words = wordsOf('en');
const secretOf = () => `s3-${randomBytes(12).toString('hex')}`;

let app: RunningApp;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

async function visit(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await openContext(browser, app.url, { locale: 'en', scheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await signIn(page, 'en');
  return { context, page };
}

/** Calls the API with the visitor's own session. */
async function send(context: BrowserContext, path: string, method: string, data: unknown) {
  const reply = await context.request.fetch(`/api/v1${path}`, {
    method,
    data: JSON.stringify(data),
    headers: { origin: app.url, 'content-type': 'application/json' },
  });
  if (!reply.ok()) throw new Error(`${method} ${path}: ${reply.status()} ${await reply.text()}`);
  return reply.json();
}

describe('the ways onto nodes', () => {
  let page: Page;
  let context: BrowserContext;

  beforeAll(async () => {
    ({ context, page } = await visit());
  });

  afterAll(() => context?.close());

  const button = (key: string) => page.getByRole('button', { name: words(key), exact: true });

  it('prepare a list of images: copies, lines that are none, a script, and mirrors to add', async () => {
    await open(page, '/e/default/mirrors/image-list');
    await page
      .locator('textarea')
      .first()
      .fill('docker.io/rancher/mirrored-pause:3.6\nrancher/klipper-helm:v0.9.8\nNOT An Image\n');
    await page.getByLabel(words('imageList.target')).fill('harbor.example.com/mirror');
    await button('imageList.plan').click();
    const table = page.getByRole('table', { name: words('imageList.images') });
    await table.getByText('harbor.example.com/mirror/rancher/mirrored-pause:3.6').waitFor();
    await page
      .getByRole('button', { name: words('imageList.line').replace('{line}', '3') })
      .click();
    await page.getByText('skopeo copy').first().waitFor();
    await takePicture(page, 'image-list');
    const name = words('imageList.addMirrorFor').replace('{registry}', 'docker.io');
    await page.getByRole('button', { name }).click();
    await page.getByText(words('imageList.added'), { exact: true }).waitFor();
    const stored = await context.request.get('/api/v1/environments/default/mirrors');
    expect(await stored.text()).toContain('harbor.example.com');
  });

  it('make a link that is shown once, after saying what it gives away', async () => {
    await open(page, '/e/default/mirrors/delivery');
    await button('delivery.link.open').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(words('delivery.link.contains')).waitFor();
    await dialog.getByRole('button', { name: words('delivery.link.create') }).click();
    const code = dialog.locator('code').last();
    await code.waitFor();
    const url = (await code.textContent()) ?? '';
    expect(url).toMatch(/^http/);
    await takePicture(page, 'link');
    await dialog.getByRole('button', { name: words('delivery.link.done') }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(url);
    const script = await context.request.get(url);
    expect([script.status(), await script.text()]).toEqual([
      200,
      expect.stringContaining('registries.yaml'),
    ]);
    expect((await context.request.get(url)).status()).not.toBe(200);
  });

  it('show the manifest of the agent, and what a right to restart means', async () => {
    await page.getByText(words('delivery.agent.show')).click();
    const manifest = page.getByRole('region', { name: 'moorage-agent.yaml' });
    await manifest.getByText('kind: DaemonSet').waitFor();
    // Blanks mean something in this file, and people read it here.
    expect(await manifest.innerText()).toMatch(/\n {2}name: moorage-system\n/);
    await page.getByRole('switch').click({ force: true });
    await page.getByText(words('delivery.agent.restartPrivilege')).waitFor();
    await manifest.getByText('privileged: true').waitFor();
    await takePicture(page, 'delivery');
  });

  it('tell how to begin where no target owns nodes', async () => {
    await open(page, '/e/default/nodes');
    await page.getByText(words('nodes.empty')).waitFor();
    await page.getByRole('link', { name: words('nodes.install') }).click();
    await page.waitForURL(/\/mirrors\/delivery$/);
  });
});

describe('nodes', () => {
  const token = secretOf();
  const hidden = {
    version: 1,
    versions: { runtime: null, agent: '0.1.0' },
    replaced: [],
    omitted: 0,
  };
  let cluster: SecuredCluster;
  let page: Page;
  let context: BrowserContext;

  /** As the agent of a node writes it. */
  function report(node: string, change: object) {
    const text = JSON.stringify({
      ...hidden,
      node,
      distribution: 'k3s',
      versions: { ...hidden.versions, distribution: 'v1.33.3+k3s1' },
      desiredHash: 'of an older config',
      appliedHash: 'of an older config',
      state: 'in-sync',
      restart: 'live',
      drift: [],
      lastError: null,
      reportedAt: new Date().toISOString(),
      ...change,
    });
    cluster.cluster.apply({
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

  beforeAll(async () => {
    cluster = await startSecuredCluster(['shop'], token);
    ({ context, page } = await visit());
    const { id } = await send(context, '/clusters', 'POST', {
      name: 'prod-eu',
      kubeconfig: cluster.kubeconfig,
    });
    const environment = await context.request.get('/api/v1/environments/default');
    const { id: environmentId } = await environment.json();
    await send(context, `/clusters/${id}/grants`, 'PUT', [{ environmentId, namespaces: ['*'] }]);
    await send(context, '/environments/default/targets', 'POST', {
      clusterId: id,
      nodeConfig: { enabled: true, distribution: 'k3s' },
    });
    for (const name of ['node-1', 'node-2', 'node-3'])
      cluster.cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  });

  afterAll(async () => {
    await context?.close();
    await cluster?.stop();
  });

  it('without an agent are counted, with the way to install it', async () => {
    await open(page, '/e/default/nodes');
    await page.getByText(words('nodes.noAgent')).waitFor();
    await page
      .getByRole('row', { name: /node-1/ })
      .getByText(words('nodes.state.no-report'))
      .waitFor();
  });

  it('show what their agents report, what is wrong first', async () => {
    report('node-1', {});
    report('node-2', {
      state: 'failed',
      lastError: { code: 'config.refused', detail: 'line 9, column 3' },
    });
    report('node-3', {
      state: 'drift',
      drift: [{ path: '/etc/rancher/k3s/registries.yaml', change: 'changed' }],
    });
    await open(page, '/e/default/nodes');
    const rows = page.getByRole('table', { name: /prod-eu/ }).getByRole('row');
    await rows.nth(1).getByText(words('errors.config.refused')).waitFor();
    await rows.nth(1).getByText('line 9, column 3').waitFor();
    await rows.nth(2).getByText('/etc/rancher/k3s/registries.yaml').waitFor();
    await rows.nth(3).getByText('node-1').waitFor();
    await takePicture(page, 'nodes');
  });
});

describe('a viewer', () => {
  it('sees mirrors and checks files, and is offered nothing that is refused', async () => {
    const owner = await visit();
    const login = { username: 'harbour-viewer', password: secretOf() };
    const made = await send(owner.context, '/users', 'POST', {
      ...login,
      displayName: 'Viewer',
      role: 'user',
    });
    await send(owner.context, `/environments/demo/members/${made.id}`, 'PUT', { role: 'viewer' });
    await owner.context.close();
    const context = await openContext(browser, app.url, { locale: 'en', scheme: 'light' });
    await context.request.post('/api/v1/session', { data: login, headers: { origin: app.url } });
    const page = await context.newPage();
    await open(page, '/e/demo/mirrors');
    await page.getByRole('region', { name: words('mirrors.result') }).waitFor();
    for (const key of ['mirrors.add', 'mirrors.edit'])
      expect(await page.getByRole('button', { name: words(key) }).count()).toBe(0);
    expect(await page.getByRole('link', { name: words('mirrors.import') }).count()).toBe(0);
    await open(page, '/e/demo/mirrors/import');
    await page.getByText(words('states.forbidden')).waitFor();
    await open(page, '/e/demo/mirrors/delivery');
    await page.getByText(words('delivery.link.forbidden')).waitFor();
    await open(page, '/tools/registries-yaml');
    await page.getByRole('button', { name: words('checker.example') }).click();
    await page
      .getByRole('button', { name: words('checker.line').replace('{line}', '9') })
      .waitFor();
    await context.close();
  });
});
