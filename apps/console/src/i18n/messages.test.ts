/**
 * The catalogues against each other and against the source: a key that is missing shows as its own name
 * on a page, an unused one is translated for nothing, a placeholder that differs shows a wrong sentence.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeProblemCodes } from '@moorage/core';
import { describe, expect, it } from 'vitest';
import { LOCALES } from './locales';

type Tree = { readonly [key: string]: string | Tree };

const root = join(import.meta.dirname, '..', '..');

function readCatalogue(locale: string): Map<string, string> {
  const tree: Tree = JSON.parse(readFileSync(join(root, 'messages', `${locale}.json`), 'utf8'));
  const flat = new Map<string, string>();
  const walk = (node: Tree, path: string) => {
    for (const [key, value] of Object.entries(node)) {
      const full = path === '' ? key : `${path}.${key}`;
      if (typeof value === 'string') flat.set(full, value);
      else walk(value, full);
    }
  };
  walk(tree, '');
  return flat;
}

/** Names in braces and tags; the words inside of a plural's branches do not count. */
function placeholdersOf(message: string): string[] {
  const names = [...message.matchAll(/\{\s*(\w+)\s*[,}]/g)].map((match) => `{${match[1]}}`);
  const tags = [...message.matchAll(/<(\w+)>/g)].map((match) => `<${match[1]}>`);
  return [...new Set([...names, ...tags])].filter((each) => !/^\{\d/.test(each)).toSorted();
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

interface Use {
  readonly file: string;
  /** full key, with `*` where the source puts a value in */
  readonly key: string;
}

const TRANSLATOR =
  /(?:const (\w+) = (?:await )?|\(await )(?:useTranslations|getTranslations)(?:<[^>]*>)?\('([^']*)'\)/g;

/** Calls of translators in one file; a name may stand for several namespaces in several functions. */
function usesIn(file: string): Use[] {
  const source = readFileSync(file, 'utf8');
  const found: Use[] = [];
  const names = new Set<string>();
  let from = 0;
  const parts: { namespace: string; name: string; start: number }[] = [];
  for (const match of source.matchAll(TRANSLATOR)) {
    const name = match[1] ?? '';
    names.add(name);
    parts.push({ namespace: match[2] ?? '', name, start: match.index });
    from = match.index;
  }
  expect(from).toBeGreaterThanOrEqual(0);
  for (const [index, part] of parts.entries()) {
    const next = parts.slice(index + 1).find(({ name }) => name === part.name);
    const scope = source.slice(part.start, next?.start);
    const call =
      part.name === ''
        ? /\)\)\('([^']+)'/g
        : new RegExp(
            `\\b${part.name}(?:\\.rich)?\\(\\s*(?:[^'\`()]*\\? )?(?:'([^']+)'|\`([^\`]+)\`)(?: : '([^']+)')?`,
            'g',
          );
    for (const [, plain, template, other] of scope.matchAll(call)) {
      for (const key of [plain, template?.replace(/\$\{[^}]+\}/g, '*'), other]) {
        if (key !== undefined) found.push({ file, key: `${part.namespace}.${key}` });
      }
    }
  }
  return found;
}

function matcherOf(key: string): RegExp {
  const escaped = key.split('*').map((part) => part.replace(/[.\\+?^${}()|[\]]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[\\w-]+')}$`);
}

/** Words of codes that the server names: which of them come is not in the source of the console. */
const BY_CODE = /^(errors|findings|activity\.action|targets\.reason|policy\.rule)\./;

const catalogues = new Map(LOCALES.map((locale) => [locale, readCatalogue(locale)]));
const english = readCatalogue('en');
const uses = sourceFiles(join(root, 'src')).flatMap(usesIn);
/** Keys that tables in `labels.ts` and beside them hold, found by their literal alone. */
const literals = new Set(
  sourceFiles(join(root, 'src')).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/'([\w-]+)'/g)].map((match) => match[1]),
  ),
);

describe('the message catalogues', () => {
  it.each(LOCALES)('%s has exactly the keys of English', (locale) => {
    const keys = [...(catalogues.get(locale)?.keys() ?? [])];
    expect(keys.toSorted()).toEqual([...english.keys()].toSorted());
  });

  it.each(LOCALES)('%s has the placeholders of English in every message', (locale) => {
    const differing = [...(catalogues.get(locale) ?? [])].filter(
      ([key, text]) =>
        placeholdersOf(text).join() !== placeholdersOf(english.get(key) ?? '').join(),
    );
    expect(differing).toEqual([]);
  });

  it.each(LOCALES)('%s has a sentence for everything that can be wrong with a node', (locale) => {
    const missing = nodeProblemCodes.filter(
      (code) => !catalogues.get(locale)?.has(`errors.${code}`),
    );
    expect(missing).toEqual([]);
  });

  it('has every key that the source asks for', () => {
    const missing = uses.filter(
      ({ key }) => ![...english.keys()].some((each) => matcherOf(key).test(each)),
    );
    expect(missing.map(({ file, key }) => `${key} in ${file.slice(root.length + 1)}`)).toEqual([]);
  });

  it('has no key that nothing asks for', () => {
    const patterns = [...new Set(uses.map(({ key }) => key))].map(matcherOf);
    const unused = [...english.keys()].filter(
      (key) =>
        !BY_CODE.test(key) &&
        !patterns.some((pattern) => pattern.test(key)) &&
        !literals.has(key.split('.').at(-1)),
    );
    expect(unused).toEqual([]);
  });
});
