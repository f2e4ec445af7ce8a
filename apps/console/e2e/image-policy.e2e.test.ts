/**
 * The image policy as somebody who reads Chinese sets it: a real API server with its controllers, so
 * that what the console says is in force refuses, and what it lists was stopped there.
 */
import { hasParts, type Kubernetes, startKubernetes } from '@moorage/testbed';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './running-app';
import { violationsOn } from './violations';
import { launchBrowser, open, openContext, signIn, takePicture, wordsOf } from './visitor';

const ENV = 'default';
const ALLOWED = 'ghcr.io/acme/storefront:1';
const OTHER = 'quay.io/other/ledger:7';
const CLUSTER = 'harbour';

const deploymentsIn = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments`;

function deployment(name: string, image: string) {
  const labels = { app: name };
  return {
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
}

describe.skipIf(!hasParts('kubernetes'))('the image policy, set in zh-CN', () => {
  const words = wordsOf('zh-CN');
  let kubernetes: Kubernetes;
  let app: RunningApp;
  let browser: Browser;
  let page: Page;

  const button = (key: string) => page.getByRole('button', { name: words(key), exact: true });
  const dialog = () => page.getByRole('dialog');
  const create = (name: string, image: string) =>
    kubernetes.call({
      method: 'POST',
      path: deploymentsIn('shop'),
      body: deployment(name, image),
    });

  beforeAll(async () => {
    [app, browser, kubernetes] = await Promise.all([
      startApp(),
      launchBrowser(),
      startKubernetes({ controllerManager: true }),
    ]);
    // Its service account is made by the controllers.
    await kubernetes.call({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { metadata: { name: 'shop' } },
    });
    await create('storefront', ALLOWED);
    await create('ledger', OTHER);
    const context = await openContext(browser, app.url, { locale: 'zh-CN', scheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await signIn(page, 'zh-CN');
    await connect();
  });

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await kubernetes?.stop();
  });

  /** By the API, as automation would: how people do it is another journey. */
  async function connect() {
    const { request } = page.context();
    const headers = { origin: app.url };
    const added = await request.post('/api/v1/clusters', {
      headers,
      data: { name: CLUSTER, kubeconfig: kubernetes.kubeconfig() },
    });
    const { id } = await added.json();
    const made = await request.post(`/api/v1/environments/${ENV}/targets`, {
      headers,
      data: { clusterId: id, namespaces: { include: ['shop'], exclude: [] } },
    });
    expect([added.status(), made.status()]).toEqual([201, 201]);
  }

  async function invite(account: { username: string; password: string }) {
    const { request } = page.context();
    const headers = { origin: app.url };
    const data = { ...account, displayName: 'Vera', role: 'user' };
    const { id } = await (await request.post('/api/v1/users', { headers, data })).json();
    const member = `/api/v1/environments/${ENV}/members/${id}`;
    expect((await request.put(member, { headers, data: { role: 'viewer' } })).ok()).toBe(true);
  }

  const isChange = (name: string) =>
    ['whitelist.edit', 'inherit', 'backToWarn', 'review.open', 'lastChange.undo', 'save']
      .map((key) => words(`policy.${key}`))
      .includes(name);

  it('shows what a whitelist would refuse, before anything is stored', async () => {
    await open(page, `/e/${ENV}/policy`);
    await button('policy.whitelist.set').click();
    const entry = words('policy.whitelist.entry').replace('{number}', '1');
    await page.getByLabel(entry, { exact: true }).fill('https://GHCR.io/acme/');
    await page.getByText('ghcr.io/acme', { exact: true }).waitFor();
    await button('policy.review.open').first().click();
    await dialog().getByText(OTHER).waitFor();
    await dialog().getByText('ledger', { exact: true }).waitFor();
    expect(await dialog().getByText(ALLOWED).count()).toBe(0);
    await takePicture(page, 'policy-dry-run-zh-CN');
    expect(await violationsOn(page)).toEqual([]);
    expect((await create('sidecar', OTHER)).status).toBe(201);
  });

  it('enforces only after the sentence was typed', async () => {
    const enforce = dialog().getByRole('button', { name: words('policy.review.save.enforce') });
    const sentence = dialog().getByRole('textbox');
    expect(await enforce.isDisabled()).toBe(true);
    await sentence.fill('我了解');
    expect(await enforce.isDisabled()).toBe(true);
    await sentence.fill(words('policy.review.acknowledgement'));
    await enforce.click();
    await dialog().waitFor({ state: 'detached' });
  });

  it('says that it is in force when the cluster refuses, and then it does', async () => {
    await page.getByText(words('policy.state.in-force'), { exact: true }).waitFor();
    await takePicture(page, 'policy-in-force-zh-CN');
    expect(await violationsOn(page)).toEqual([]);
    expect((await create('intruder', OTHER)).status).toBe(403);
    expect((await create('more', ALLOWED)).status).toBe(201);
  });

  it('answers for one image with the rule that decided', async () => {
    await page.getByLabel(words('policy.question.label')).fill(OTHER);
    const answer = page.getByRole('region', { name: words('policy.question.title') });
    await answer.getByText(words('policy.rule.not-listed')).waitFor();
    await answer.getByText(words('policy.outcome.refused'), { exact: true }).first().waitFor();
  });

  it('lists the deployment whose new pod was stopped', async () => {
    await kubernetes.call({
      method: 'DELETE',
      path: '/api/v1/namespaces/shop/pods?labelSelector=app%3Dledger',
    });
    await open(page, `/e/${ENV}/policy/stopped-images`);
    await expect
      .poll(
        async () => {
          await button('policy.stopped.again').click();
          return page.getByRole('row', { name: /ledger/ }).count();
        },
        { timeout: 60_000, interval: 1_000 },
      )
      .toBeGreaterThan(0);
    await page
      .getByRole('row', { name: /ledger/ })
      .getByText(OTHER, { exact: true })
      .waitFor();
    await takePicture(page, 'policy-stopped-zh-CN');
    expect(await violationsOn(page)).toEqual([]);
  });

  it('exports for another engine what it enforces here', async () => {
    await open(page, `/e/${ENV}/policy`);
    await button('policy.export.open').click();
    await dialog().getByText('kyverno.io', { exact: false }).first().waitFor();
    await dialog().getByText(words('errors.kyverno.call-out')).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('shows a viewer all of it and offers no change', async () => {
    const account = { username: 'vera', password: 'looks-but-never-touches' };
    await invite(account);
    const context = await openContext(browser, app.url, { locale: 'zh-CN', scheme: 'dark' });
    const theirs = await context.newPage();
    await signIn(theirs, 'zh-CN', account);
    await open(theirs, `/e/${ENV}/policy`);
    await theirs.getByText(words('policy.mode.enforceHint')).waitFor();
    await theirs.getByText(words('policy.state.in-force'), { exact: true }).waitFor();
    const names = await theirs.getByRole('main').getByRole('button').allTextContents();
    expect(names.filter(isChange)).toEqual([]);
    expect(await theirs.getByRole('radio').count()).toBe(0);
    await context.close();
  });

  it('goes back by one click, and the cluster lets it run again', async () => {
    await open(page, `/e/${ENV}/policy`);
    await button('policy.lastChange.undo').click();
    await page.getByText(words('policy.whitelist.off')).waitFor();
    const admits = async () => (await create(`again-${Date.now()}`, OTHER)).status;
    await expect.poll(admits, { timeout: 20_000, interval: 200 }).toBe(201);
  });

  it('keeps what is typed while somebody else stores another list, and says so', async () => {
    await button('policy.whitelist.set').click();
    const entry = words('policy.whitelist.entry').replace('{number}', '1');
    const field = page.getByLabel(entry, { exact: true });
    await field.fill('ghcr.io/typed');
    const setting = `/api/v1/environments/${ENV}/settings/registry.whitelist`;
    const data = { value: 'ghcr.io,quay.io' };
    const stored = await page
      .context()
      .request.put(setting, { headers: { origin: app.url }, data });
    expect(stored.status()).toBe(200);
    await page.getByText(words('policy.whitelist.overtaken')).waitFor();
    expect(await field.inputValue()).toBe('ghcr.io/typed');
    await button('policy.whitelist.takeStored').click();
    await page.getByText('quay.io', { exact: true }).waitFor();
  });
});
