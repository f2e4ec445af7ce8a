/** Looks for planted secrets wherever a browser could keep or show one. */
import type { Page } from 'playwright-core';

export interface SecretWatch {
  /** Places in which a planted secret was found; what the browser itself sends is not looked at. */
  findings(page: Page): Promise<readonly string[]>;
}

function spellingsOf(secret: string): string[] {
  return [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];
}

/** Watches every reply of the page's context from now on. */
export function watchSecrets(page: Page, secrets: readonly string[]): SecretWatch {
  const spellings = secrets.flatMap(spellingsOf);
  const found = new Set<string>();
  const look = (place: string, text: string) => {
    if (spellings.some((each) => text.includes(each))) found.add(place);
  };
  page.on('response', (response) => {
    // Streams have no end to wait for.
    if (response.url().includes('/events')) return;
    response.text().then(
      (text) => look(`reply ${new URL(response.url()).pathname}`, text),
      () => undefined,
    );
  });
  page.on('console', (message) => look('console', message.text()));
  return {
    async findings(now) {
      look('document', await now.content());
      look('address', now.url());
      const stored = await now.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      );
      look('storage', stored);
      look('cookies', JSON.stringify(await now.context().cookies()));
      return [...found];
    },
  };
}
