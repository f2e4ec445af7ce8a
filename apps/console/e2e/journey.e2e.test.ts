/**
 * From nothing to credentials in every namespace, and what happens when they change, in each language:
 * the built app, a real database, a simulated cluster behind TLS.
 */
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCALES, type Locale } from '../src/i18n/locales';
import { type RunningApp, startApp } from './running-app';
import { type SecretWatch, watchSecrets } from './secret-watch';
import { type SecuredCluster, startSecuredCluster } from './secured-cluster';
import { launchBrowser, open, openContext, signIn, takePicture, wordsOf } from './visitor';

const NAMESPACES = ['shop', 'payments', 'search'];
/** Sync answers within milliseconds; this is for a machine that does ten other things. */
const ARRIVAL = { timeout: 20_000, interval: 100 };

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

describe.each(LOCALES)('the first hour with the console in %s', (locale: Locale) => {
  const words = wordsOf(locale);
  const env = `journey-${locale.toLowerCase()}`;
  const secret = `moorage-${env}`;
  const hubFirst = secretOf();
  const hubSecond = secretOf();
  const privateKey = secretOf();
  const token = secretOf();
  const jsonKey = JSON.stringify({
    type: 'service_account',
    project_id: 'acme',
    client_email: 'puller@acme.iam.gserviceaccount.com',
    private_key: privateKey,
  });
  let page: Page;
  let cluster: SecuredCluster;
  let watch: SecretWatch;

  const button = (key: string) => page.getByRole('button', { name: words(key), exact: true });
  const field = (key: string) => page.getByLabel(words(key), { exact: false });
  const logins = () => cluster.loginsIn('shop', secret) ?? {};

  beforeAll(async () => {
    cluster = await startSecuredCluster(NAMESPACES, token);
    const context = await openContext(browser, app.url, { locale, scheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    watch = watchSecrets(page, [hubFirst, hubSecond, privateKey, token]);
    await signIn(page, locale);
  });

  afterAll(async () => {
    await page?.context().close();
    await cluster?.stop();
  });

  async function addRegistry(provider: string, fill: () => Promise<void>) {
    await open(page, `/e/${env}/registries/new`);
    await page.getByRole('button', { name: provider, exact: true }).click();
    await fill();
    await page.getByRole('button', { name: words('registries.add.save') }).click();
    await page.waitForURL(/peek=/);
  }

  it('makes an environment and shows what to do next', async () => {
    await open(page, '/installation/environments');
    await button('environments.add').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(words('environments.displayName')).fill(`Journey ${locale}`);
    await dialog.getByLabel(words('environments.name'), { exact: true }).fill(env);
    await dialog.getByRole('button', { name: words('environments.add') }).click();
    await dialog.waitFor({ state: 'detached' });
    await open(page, `/e/${env}`);
    await page.getByRole('heading', { name: words('overview.steps.title') }).waitFor();
    await takePicture(page, `checklist-${locale}`);
  });

  it('adds Docker Hub by user name and token', async () => {
    await addRegistry('Docker Hub', async () => {
      await field('registries.form.username').fill('acme-ci');
      await field('registries.form.accessToken').first().fill(hubFirst);
      await takePicture(page, `add-docker-hub-${locale}`);
    });
    await page.getByRole('complementary').getByText('acme-ci').first().waitFor();
  });

  it('adds Quay with a robot account, and a scope from the pasted path', async () => {
    await addRegistry('Quay', async () => {
      await field('registries.form.address').fill('https://QUAY.io/acme/');
      await page.getByText('quay.io', { exact: true }).first().waitFor();
      await field('registries.form.username').fill('acme+deploy');
      await field('registries.form.robotToken').first().fill(secretOf());
    });
    await page.getByRole('complementary').getByText('quay.io/acme').first().waitFor();
  });

  it('adds ECR from account and region', async () => {
    await addRegistry('Amazon ECR', async () => {
      await field('registries.form.account').fill('123456789012');
      await field('registries.form.region').fill('eu-west-1');
      await field('registries.form.ecrToken').first().fill(secretOf());
    });
    await page
      .getByRole('complementary')
      .getByText('123456789012.dkr.ecr.eu-west-1.amazonaws.com')
      .first()
      .waitFor();
  });

  it('adds gcr.io with a JSON key as _json_key', async () => {
    await addRegistry('Google Container Registry', async () => {
      await page.getByRole('textbox', { name: words('registries.form.jsonKey') }).fill(jsonKey);
      await page.getByText('puller@acme.iam.gserviceaccount.com').first().waitFor();
      await takePicture(page, `add-gcr-${locale}`);
    });
    await page.getByRole('complementary').getByText('_json_key').first().waitFor();
  });

  it('adds a registry at a port from a pasted login line', async () => {
    await open(page, `/e/${env}/registries/new`);
    await page
      .getByLabel(words('registries.paste.label'))
      .fill(`docker login registry.example.com:5000 -u deploy -p ${secretOf()}`);
    await button('registries.paste.read').click();
    await page.getByRole('button', { name: words('registries.add.save') }).click();
    await page.waitForURL(/peek=/);
    await page.getByRole('complementary').getByText('registry.example.com:5000').first().waitFor();
  });

  it('refuses the same address again and says so', async () => {
    await open(page, `/e/${env}/registries/new`);
    await page.getByRole('button', { name: 'Docker Hub', exact: true }).click();
    await page.getByRole('button', { name: words('registries.add.save') }).click();
    await page.getByText(words('errors.registry.address-exists')).first().waitFor();
  });

  it('connects a cluster by its kubeconfig', async () => {
    await open(page, '/installation/clusters/new');
    await page
      .getByLabel(words('clusters.name'), { exact: false })
      .fill(`harbour-${locale.toLowerCase()}`);
    await page
      .getByRole('textbox', { name: words('clusters.access.kubeconfig') })
      .fill(cluster.kubeconfig);
    await button('clusters.access.inspect').click();
    await page.getByText(words('clusters.access.usable')).first().waitFor();
    await takePicture(page, `connect-cluster-${locale}`);
    await button('clusters.connect').click();
    await page.getByText(words('clusters.status.reachable')).first().waitFor();
    await page.getByText(words('clusters.permissions.complete')).first().waitFor();
    await takePicture(page, `cluster-${locale}`);
  });

  it('refuses a kubeconfig that runs a program', async () => {
    await open(page, '/installation/clusters/new');
    const withExec = cluster.kubeconfig.replace(
      /user: \{token: "[^"]+"\}/,
      'user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}}',
    );
    await page.getByRole('textbox', { name: words('clusters.access.kubeconfig') }).fill(withExec);
    await button('clusters.access.inspect').click();
    await page.getByText(words('errors.kubeconfig.exec')).first().waitFor();
    await takePicture(page, `kubeconfig-refused-${locale}`);
  });

  it('plans a target, applies it, and shows every namespace in sync', async () => {
    await open(page, `/e/${env}/targets/new`);
    await page
      .getByLabel(words('targets.cluster'), { exact: true })
      .selectOption({ label: `harbour-${locale.toLowerCase()}` });
    await button('targets.showPlan').click();
    await page.getByText(words('targets.planHint')).first().waitFor();
    await page.getByText('https://index.docker.io/v1/').first().waitFor();
    await takePicture(page, `plan-${locale}`);
    expect(cluster.loginsIn('shop', secret)).toBeNull();
    await button('targets.apply').click();
    for (const namespace of NAMESPACES)
      await page
        .getByRole('row', { name: new RegExp(`${namespace}.*${words('targets.state.in-sync')}`) })
        .waitFor();
    await takePicture(page, `target-${locale}`);
    expect(logins()['https://index.docker.io/v1/']).toMatchObject({
      username: 'acme-ci',
      password: hubFirst,
    });
    expect(Object.keys(logins())).toEqual(
      expect.arrayContaining(['gcr.io', 'quay.io/acme/', 'registry.example.com:5000']),
    );
  });

  it('uses a newer credential at once, everywhere', async () => {
    await open(page, `/e/${env}/registries`);
    await page
      .getByRole('row', { name: /docker\.io/ })
      .locator('td')
      .nth(1)
      .click();
    const aside = page.getByRole('complementary');
    await aside.getByRole('button', { name: words('registries.stack.addNewer') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(words('registries.form.username')).fill('acme-new');
    await dialog.getByLabel(words('registries.form.accessToken')).first().fill(hubSecond);
    await dialog.getByRole('button', { name: words('registries.stack.add'), exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await aside.getByText('acme-new').first().waitFor();
    await arrives(() =>
      expect(logins()['https://index.docker.io/v1/']).toMatchObject({ password: hubSecond }),
    );
    await takePicture(page, `stack-${locale}`);
  });

  it('falls back to the older one when the newer is disabled, after showing so', async () => {
    const aside = page.getByRole('complementary');
    const name = words('registries.stack.actions').replace('{username}', 'acme-new');
    await aside.getByRole('button', { name }).click();
    await page.getByRole('menuitem', { name: words('registries.stack.disable') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('acme-ci').first().waitFor();
    await takePicture(page, `impact-${locale}`);
    await dialog
      .getByRole('button', { name: words('registries.removal.disable'), exact: true })
      .click();
    await dialog.waitFor({ state: 'detached' });
    await arrives(() =>
      expect(logins()['https://index.docker.io/v1/']).toMatchObject({ username: 'acme-ci' }),
    );
  });

  it('removes a deleted registry from the cluster, after its address was typed', async () => {
    await open(page, `/e/${env}/registries`);
    await page.getByRole('link', { name: 'quay.io', exact: true }).click();
    await button('registries.removal.deleteDots').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('quay.io');
    await dialog
      .getByRole('button', { name: words('registries.removal.delete'), exact: true })
      .click();
    await page.waitForURL(/\/registries$/);
    await arrives(() => expect(Object.keys(logins())).not.toContain('quay.io/acme/'));
    await takePicture(page, `registries-${locale}`);
  });

  it('keeps no secret in the document, in a reply, or in what the browser stores', async () => {
    for (const path of ['', '/registries', '/mirrors', '/activity', '/targets']) {
      await open(page, `/e/${env}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await watch.findings(page)).toEqual([]);
    }
  });
});

describe('a page that has not come alive yet', () => {
  // A form that the browser sends by itself would carry the password into the address and the history.
  it('sends no password', async () => {
    const context = await browser.newContext({ baseURL: app.url, javaScriptEnabled: false });
    const door = await context.newPage();
    await door.goto('/sign-in');
    await door.locator('input[name=username]').fill('admin');
    await door.locator('input[name=password]').fill('typed-too-early');
    await door.keyboard.press('Enter');
    expect(door.url()).toBe(`${app.url}/sign-in`);
    await context.close();
  });
});

async function arrives(assertion: () => void): Promise<void> {
  await expect.poll(() => attempt(assertion), ARRIVAL).toBe('');
}

function attempt(assertion: () => void): string {
  try {
    assertion();
    return '';
  } catch (error) {
    return String(error);
  }
}
