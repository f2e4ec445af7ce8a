/**
 * What nodes read: the checker in each language, mirrors with their live preview, import, delivery and
 * the state of nodes, in a real browser.
 */
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCALES, type Locale } from '../src/i18n/locales';
import { type RunningApp, startApp } from './running-app';
import { launchBrowser, open, openContext, signIn, takePicture, wordsOf } from './visitor';

const CHECKER = '/tools/registries-yaml';
const words = wordsOf('en');
const secretOf = () => `s3-${randomBytes(12).toString('hex')}`;

/** The example of K3s' own Chinese page: its login and CA are never used, and nothing says so. */
const seedExample = (password: string) => `mirrors:
  docker.io:
    endpoint:
      - "https://mycustomreg.com:5000"
configs:
  "mycustomreg:5000":
    auth:
      username: xxxxxx # 这是私有镜像仓库的用户名
      password: ${password} # 这是私有镜像仓库的密码
    tls:
      cert_file: # 镜像仓库中使用的cert文件的路径。
      key_file:  # 镜像仓库中使用的key文件的路径。
      ca_file:   # 镜像仓库中使用的ca文件的路径。
`;

let app: RunningApp;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

async function visit(locale: Locale): Promise<{ context: BrowserContext; page: Page }> {
  const context = await openContext(browser, app.url, { locale, scheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await signIn(page, locale);
  return { context, page };
}

/** As people paste: by the clipboard. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.locator('textarea').first().focus();
  await page.keyboard.press('Control+v');
}

describe.each(LOCALES)('the checker in %s', (locale) => {
  const say = wordsOf(locale);
  const password = secretOf();
  let page: Page;
  let context: BrowserContext;
  const sent: string[] = [];

  beforeAll(async () => {
    ({ context, page } = await visit(locale));
    await open(page, CHECKER);
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
    await paste(page, seedExample(password));
  });

  afterAll(() => context?.close());

  it('explains why the login of the Chinese example is never used, at its line', async () => {
    const sentence = say('findings.registries-yaml.config-near-miss.sentence')
      .replace('{key}', 'mycustomreg:5000')
      .replace('{host}', 'mycustomreg.com:5000');
    await page.getByText(sentence).waitFor();
    const line = page.getByRole('button', { name: say('checker.line').replace('{line}', '6') });
    await line.click();
    const chosen = await page
      .locator('textarea')
      .first()
      .evaluate((area: HTMLTextAreaElement) =>
        area.value.slice(area.selectionStart, area.selectionEnd),
      );
    expect(chosen).toBe('"mycustomreg:5000"');
    await takePicture(page, `checker-${locale}`);
  });

  it('mends it by a button, and the login reaches the mirror', async () => {
    await page.getByText(say('pullPlan.anonymous')).first().waitFor();
    const name = say('checker.changeTo').replace('{text}', 'mycustomreg.com:5000');
    await page.getByRole('button', { name }).click();
    await page.getByRole('button', { name }).waitFor({ state: 'detached' });
    await page.getByText('configs["mycustomreg.com:5000"]').first().waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name }).waitFor();
  });

  it('sends the file nowhere, and keeps it nowhere', async () => {
    expect(sent.filter((each) => each.includes(password) || each.includes('mycustomreg'))).toEqual(
      [],
    );
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, window.location.href]),
    );
    expect(kept).not.toContain(password);
  });
});

describe('the checker', () => {
  let page: Page;
  let context: BrowserContext;

  beforeAll(async () => {
    ({ context, page } = await visit('en'));
  });

  afterAll(() => context?.close());

  const openFile = (name: string, buffer: Buffer) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer });

  it('refuses a file that is too large or no text, and says why', async () => {
    await open(page, CHECKER);
    await openFile('huge.yaml', Buffer.alloc(600 * 1024, 'a'));
    await page.getByRole('alert').getByText('600 KiB').waitFor();
    await openFile('binary.yaml', Buffer.from([0xff, 0xfe, 0x00, 0x01]));
    await page.getByText(words('documentEditor.notText')).waitFor();
    await openFile('fine.yaml', Buffer.from('mirrors: {}\n'));
    await page.getByText(words('checker.clean')).waitFor();
    expect(await page.getByText(words('documentEditor.notText')).count()).toBe(0);
  });

  it('answers an alias bomb while the page stays usable', async () => {
    const levels = Array.from({ length: 30 }, (_, index) => {
      const items =
        index === 0
          ? 'x'
          : Array(9)
              .fill(`*a${index - 1}`)
              .join(',');
      return `a${index}: &a${index} [${items}]`;
    });
    const bomb = [...levels, 'mirrors: {a.example: {endpoint: *a29}}'].join('\n');
    await page.locator('textarea').first().fill(bomb);
    await page
      .getByRole('button', { name: words('checker.line').replace('{line}', '1'), exact: true })
      .first()
      .waitFor();
    expect(page.workers().length).toBeGreaterThan(0);
  });

  it('lets the keyboard in and out of the editor', async () => {
    await page.locator('textarea').first().focus();
    await page.keyboard.press('Tab');
    const left = await page.evaluate(() => document.activeElement?.tagName);
    expect(left).not.toBe('TEXTAREA');
  });

  it('says what a node asks for, and what is derived from source', async () => {
    await page.locator('textarea').first().fill(seedExample('p'));
    const attempts = page.getByRole('list', { name: words('pullPlan.attempts') });
    await attempts.getByRole('listitem').nth(1).waitFor();
    await page.getByText(words('pullPlan.derived')).waitFor();
    await page.getByLabel(words('checker.engine')).selectOption('containerd');
    await page.getByText(words('pullPlan.derived')).waitFor({ state: 'detached' });
    await page.getByLabel(words('checker.image'), { exact: true }).fill('not an image');
    await page.getByText(words('checker.notAnImage')).waitFor();
  });
});

describe('mirrors', () => {
  const env = 'default';
  const password = secretOf();
  let page: Page;
  let context: BrowserContext;

  beforeAll(async () => {
    ({ context, page } = await visit('en'));
  });

  afterAll(() => context?.close());

  const button = (key: string) => page.getByRole('button', { name: words(key), exact: true });
  const pane = () => page.getByRole('region', { name: words('mirrors.result') });
  const storedMirrors = async () => {
    const reply = await context.request.get(`/api/v1/environments/${env}/mirrors`);
    return (await reply.json()).items as { registry: string; endpoints: string[] }[];
  };

  it('imports a file after a dry run that changes nothing', async () => {
    await open(page, `/e/${env}/mirrors/import`);
    await page
      .locator('textarea')
      .first()
      .fill(`# of the old nodes\n${seedExample(password)}`);
    await button('nodeImport.plan').click();
    await page.getByRole('region', { name: words('nodeImport.mirrors') }).waitFor();
    await page.getByRole('region', { name: words('nodeImport.notImported') }).waitFor();
    expect(await storedMirrors()).toEqual([]);
    await takePicture(page, 'import');
    await button('nodeImport.apply').click();
    await page.getByText(words('nodeImport.done'), { exact: true }).waitFor();
    expect((await storedMirrors()).map(({ registry }) => registry)).toContain('docker.io');
    expect(await page.content()).not.toContain(password);
  });

  it('show what nodes would read, ask for and pay while they are typed', async () => {
    await open(page, `/e/${env}/mirrors`);
    await page
      .getByRole('region', { name: 'docker.io', exact: true })
      .getByRole('button', { name: words('mirrors.edit') })
      .click();
    await button('mirrors.addEndpoint').click();
    await page
      .getByLabel(words('mirrors.endpoint').replace('{number}', '2'), { exact: true })
      .fill('https://mirror.example.com');
    await button('mirrors.addRewrite').click();
    await page.getByLabel(words('mirrors.pattern').replace('{number}', '1')).fill('^library/(.*)');
    await page.getByLabel(words('mirrors.replacement').replace('{number}', '1')).fill('hub/$1');
    await pane().getByText('https://mirror.example.com').first().waitFor();
    await page.getByText(words('nodeCost.k3s')).waitFor();
    const attempts = page.getByRole('list', { name: words('pullPlan.attempts') });
    await attempts.getByText('hub/nginx').nth(1).waitFor();
    await takePicture(page, 'mirrors-preview');
    expect((await storedMirrors())[0]?.endpoints).toEqual(['https://mycustomreg.com:5000']);
  });

  it('are put in order by keyboard, and saved', async () => {
    const down = page.getByRole('button', {
      name: words('mirrors.down').replace('{number}', '1'),
    });
    await down.focus();
    await page.keyboard.press('Enter');
    await button('mirrors.save').click();
    await page
      .getByRole('region', { name: 'docker.io', exact: true })
      .getByRole('button', { name: words('mirrors.edit') })
      .waitFor();
    expect((await storedMirrors())[0]?.endpoints).toEqual([
      'https://mirror.example.com',
      'https://mycustomreg.com:5000',
    ]);
  });

  it('are mended by the button of a finding, in the form, before anything is saved', async () => {
    await button('mirrors.add').click();
    await page.getByLabel(words('mirrors.registry'), { exact: false }).first().fill('quay.io');
    const first = page.getByLabel(words('mirrors.endpoint').replace('{number}', '1'), {
      exact: true,
    });
    await first.fill('https://mirror.example.com/quay');
    const name = words('mirrors.changeTo').replace('{text}', 'https://mirror.example.com/v2/quay');
    await pane().getByRole('button', { name }).click();
    expect(await first.inputValue()).toBe('https://mirror.example.com/v2/quay');
    await button('mirrors.cancel').click();
    expect((await storedMirrors()).map(({ registry }) => registry)).toEqual(['docker.io']);
  });

  it('tell the cost before one is deleted', async () => {
    const card = page.getByRole('region', { name: 'docker.io', exact: true });
    await card.getByRole('button', { name: words('mirrors.edit') }).click();
    await button('mirrors.delete').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(words('nodeCost.k3s')).waitFor();
    await dialog.getByRole('button', { name: words('mirrors.removal.confirm') }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await storedMirrors()).toEqual([]);
  });
});
