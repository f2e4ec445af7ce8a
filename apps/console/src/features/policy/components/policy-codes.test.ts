/** Each code that the server gives for a policy has a sentence in every language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTING_NAMES } from '@moorage/contract';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../../i18n/locales';

type Tree = { readonly [key: string]: string | Tree };

const root = join(import.meta.dirname, '..', '..', '..', '..', '..', '..');
const FOLDERS = [
  'packages/core/src/image-policy',
  'apps/api/src/policies',
  'apps/api/src/settings',
  'apps/api/src/sync/image-policy',
];
/** Written as `code: 'noun.reason'`, or as one of the codes of a type. */
const CODE = /(?:code: |\| )'([a-z-]+\.[a-z0-9.-]+)'/g;

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixtures)\.ts$/.test(name))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

const codes = [
  ...new Set(
    FOLDERS.flatMap(sourcesIn).flatMap((source) =>
      [...source.matchAll(CODE)].map((match) => match[1] ?? ''),
    ),
  ),
]
  .filter((code) => !SETTING_NAMES.some((name) => name === code))
  .toSorted();

function sentenceOf(tree: Tree, code: string): unknown {
  return code
    .split('.')
    .reduce<string | Tree | undefined>(
      (node, part) => (typeof node === 'object' ? node[part] : undefined),
      tree,
    );
}

describe('the codes of the image policy', () => {
  it('are found in the source', () => {
    expect(codes).toEqual(expect.arrayContaining(['lock-out.nothing-allowed', 'policy.foreign']));
  });

  it.each(LOCALES)('have a sentence each in %s', (locale) => {
    const file = join(root, 'apps/console/messages', `${locale}.json`);
    const { errors }: { errors: Tree } = JSON.parse(readFileSync(file, 'utf8'));
    expect(codes.filter((code) => typeof sentenceOf(errors, code) !== 'string')).toEqual([]);
  });
});
