/** A browser with one visitor: signed in, in a language, in a colour scheme. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { LOCALE_COOKIE, type Locale } from '../src/i18n/locales';
import { ADMIN_PASSWORD } from './running-app';

type Tree = { readonly [key: string]: string | Tree };

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Words of a page in the visitor's language, so that one journey serves all languages. */
export function wordsOf(locale: Locale): (key: string) => string {
  const file = join(import.meta.dirname, '..', 'messages', `${locale}.json`);
  const tree: Tree = JSON.parse(readFileSync(file, 'utf8'));
  return (key) => {
    const found = key
      .split('.')
      .reduce<string | Tree | undefined>(
        (node, part) => (typeof node === 'object' ? node[part] : undefined),
        tree,
      );
    if (typeof found !== 'string') throw new Error(`no message ${key}`);
    return found;
  };
}

export interface Look {
  readonly locale: Locale;
  readonly scheme: 'light' | 'dark';
}

export async function openContext(
  browser: Browser,
  url: string,
  { locale, scheme }: Look,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    colorScheme: scheme,
    locale,
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await context.addCookies([{ name: LOCALE_COOKIE, value: locale, url }]);
  return context;
}

const ADMIN = { username: 'admin', password: ADMIN_PASSWORD };

/** Signs in as people do. */
export async function signIn(page: Page, locale: Locale, account = ADMIN): Promise<void> {
  const words = wordsOf(locale);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: words('session.signIn'), disabled: false }).waitFor();
  await page.getByLabel(words('session.username')).fill(account.username);
  await page.getByLabel(words('session.password')).first().fill(account.password);
  await page.getByRole('button', { name: words('session.signIn') }).click();
  // The front door sends on to an environment; leaving before that would cut it off.
  await page.waitForURL(/\/e\//);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Opens a page and waits until it has come alive: before that a browser forgets what is typed. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('[data-state=live]').waitFor();
  // Parts that were streamed lie hidden at the end of the page until React has put them in their place,
  // on a busy machine beside what it has drawn itself in the meantime.
  await page.waitForFunction(() => document.querySelector('div[hidden][id^="S:"]') === null);
}

/** For people to look at; never compared. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
