import compile from 'icu-minify/compile';
import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { chooseLocale, LOCALE_COOKIE, type Locale } from './locales';

type Source = { readonly [key: string]: string | Source };
type Compiled = { [key: string]: unknown };

function compileAll(messages: Source): Compiled {
  return Object.fromEntries(
    Object.entries(messages).map(([key, value]) => [
      key,
      typeof value === 'string' ? compile(value) : compileAll(value),
    ]),
  );
}

const catalogues = new Map<Locale, Compiled>();

/** Parsed once per process, so that no page carries a parser of the message format. */
async function loadCatalogue(locale: Locale): Promise<Compiled> {
  const known = catalogues.get(locale);
  if (known !== undefined) return known;
  const { default: source } = await import(`../../messages/${locale}.json`);
  // Through JSON, because the compiler's objects have no prototype and could not be sent to the browser.
  const compiled: Compiled = JSON.parse(JSON.stringify(compileAll(source)));
  catalogues.set(locale, compiled);
  return compiled;
}

/** No locale in the URL: links can be shared between people who read different languages. */
export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value;
  const locale = chooseLocale(chosen, (await headers()).get('accept-language'));
  return { locale, messages: await loadCatalogue(locale), timeZone: 'UTC', now: new Date() };
});
