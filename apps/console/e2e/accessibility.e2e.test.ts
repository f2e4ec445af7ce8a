/**
 * WCAG 2.2 A and AA as far as axe can tell, on every page: light and dark, in every language; that none
 * scrolls sideways; and what a page may weigh. The demo of a first start gives the pages something to show.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './running-app';
import { violationsOn } from './violations';
import { type Look, launchBrowser, open, openContext, signIn, takePicture } from './visitor';

/** JavaScript and style sheets of a first visit, as transferred. */
const MAX_FIRST_LOAD_BYTES = 240 * 1024;
/** Headers of the replies, which the figure above does not mean: measured at 0.9 KiB each. */
const HEADER_BYTES = 930;

const PAGES = [
  '/e/demo',
  '/e/default',
  '/e/demo/registries',
  '/e/demo/registries/new',
  '/e/demo/targets',
  '/e/demo/targets/new',
  '/e/demo/mirrors',
  '/e/demo/mirrors/import',
  '/e/demo/mirrors/image-list',
  '/e/demo/mirrors/delivery',
  '/e/demo/nodes',
  '/e/demo/members',
  '/e/demo/activity',
  '/e/demo/policy?image=nginx:1.29',
  '/e/demo/policy/stopped-images',
  '/installation/clusters',
  '/installation/clusters/new',
  '/installation/environments',
  '/installation/users',
  '/installation/activity',
  '/installation/policy',
  '/tools/registries-yaml',
  '/account/api-keys',
  '/account/password',
];

let app: RunningApp;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

/** Waits for the skeletons to go; where there is none that is at once. */
async function settled(page: Page): Promise<void> {
  await page.locator('[role=status][aria-label]').first().waitFor({ state: 'detached' });
}

/** How far the page scrolls sideways. */
function pixelsOutside(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

/** Pages of single things, which have an id of their own in every installation. */
async function detailPaths(page: Page): Promise<string[]> {
  const details: string[] = [];
  for (const list of ['/e/demo/registries', '/e/demo/targets', '/installation/clusters']) {
    await open(page, list);
    const href = await page.locator('tbody a').first().getAttribute('href');
    if (href !== null) details.push(href);
  }
  const [registry = ''] = details;
  return [...details, `/e/demo/registries?peek=${registry.split('/').at(-1)}`];
}

const LOOKS: readonly Look[] = [
  { locale: 'en', scheme: 'light' },
  { locale: 'en', scheme: 'dark' },
  { locale: 'zh-CN', scheme: 'dark' },
  { locale: 'ja', scheme: 'light' },
];

describe.each(LOOKS)('pages in $locale, $scheme', (look) => {
  let context: BrowserContext;
  let page: Page;
  let details: readonly string[];

  beforeAll(async () => {
    context = await openContext(browser, app.url, look);
    page = await context.newPage();
    await signIn(page, look.locale);
    details = await detailPaths(page);
  });

  afterAll(() => context?.close());

  async function expectNoViolation(path: string) {
    await open(page, path);
    await settled(page);
    const name = path
      .replace(/\?.*/, '-peek')
      .replace(/[0-9a-f-]{36}/, 'one')
      .replaceAll('/', '-');
    await takePicture(page, `page${name}-${look.scheme}-${look.locale}`);
    expect(await violationsOn(page)).toEqual([]);
    expect(await pixelsOutside(page)).toBe(0);
  }

  it.each(PAGES)('%s has no violation that axe finds', expectNoViolation);

  it('pages of one registry, target and cluster have none either', async () => {
    for (const path of details) await expectNoViolation(path);
  });

  it('the page for signing in has none either', async () => {
    const stranger = await openContext(browser, app.url, look);
    const door = await stranger.newPage();
    await door.goto('/sign-in');
    expect(await violationsOn(door)).toEqual([]);
    await stranger.close();
  });
});

/** What a visitor with an empty cache loads before the page is quiet. */
async function firstLoadBytes(context: BrowserContext, path: string): Promise<number> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const kinds = new Map<string, string>();
  let bytes = 0;
  session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId);
    if (kind === 'Script' || kind === 'Stylesheet') bytes += encodedDataLength - HEADER_BYTES;
  });
  await open(page, path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('load');
  await page.close();
  return bytes;
}

describe('a first visit', () => {
  it('loads at most 240 KiB of scripts and style sheets on every page', async () => {
    const context = await openContext(browser, app.url, { locale: 'en', scheme: 'light' });
    const page = await context.newPage();
    await signIn(page, 'en');
    const heavy: string[] = [];
    for (const path of [...PAGES, ...(await detailPaths(page))]) {
      const bytes = await firstLoadBytes(context, path);
      if (bytes > MAX_FIRST_LOAD_BYTES) heavy.push(`${path}: ${Math.round(bytes / 1024)} KiB`);
    }
    expect(heavy).toEqual([]);
    await context.close();
  });
});

describe('a second tab', () => {
  it('is live as well, through the stream of the first', async () => {
    const context = await openContext(browser, app.url, { locale: 'en', scheme: 'light' });
    const first = await context.newPage();
    await signIn(first, 'en');
    await open(first, '/e/demo');
    const second = await context.newPage();
    const streams: string[] = [];
    second.on('request', (request) => {
      if (request.url().includes('/events')) streams.push(request.url());
    });
    await open(second, '/e/demo');
    expect(streams).toEqual([]);
    await context.close();
  });
});

describe('the keyboard', () => {
  it('reaches content, palette, pages and help, and single keys can be switched off', async () => {
    const context = await openContext(browser, app.url, { locale: 'en', scheme: 'light' });
    const page = await context.newPage();
    await signIn(page, 'en');
    await open(page, '/e/demo/registries');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(
      '#content',
    );
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('mirr');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/mirrors/);
    await page.getByRole('heading', { level: 1, name: 'Mirrors' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/\/registries/);
    const title = page.getByRole('heading', { level: 1, name: 'Registries' });
    await title.waitFor();
    expect(await title.evaluate((node) => node === document.activeElement)).toBe(true);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('nginx:1.29');
    await page.getByRole('dialog').getByText('nginx:1.29').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/policy\?image=nginx/);
    await page.getByRole('textbox', { name: 'Image name' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Registries' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('switch').click({ force: true });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    expect(page.url()).toMatch(/\/registries/);
    await context.close();
  });
});
