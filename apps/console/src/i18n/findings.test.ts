/**
 * The sentences of findings against the findings themselves: every code has one in every language, with
 * the parameters that it really carries, and the English one is what the server says.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  nodeConfigCodes,
  nodeConfigImportCodes,
  pullPlanCodes,
  registriesYamlCodes,
} from '@moorage/core';
import compile from 'icu-minify/compile';
import format from 'icu-minify/format';
import { describe, expect, it } from 'vitest';
import {
  type ToldFinding,
  tellNodeConfig,
  tellPullPlans,
  tellRegistriesYaml,
} from '../../../../packages/core/test/finding-samples';
import { LOCALES } from './locales';

interface Sentences {
  readonly sentence: string;
  readonly fix?: string;
}

const codes = {
  ...registriesYamlCodes,
  ...nodeConfigCodes,
  ...pullPlanCodes,
  ...nodeConfigImportCodes,
};
const told = [...tellRegistriesYaml(), ...tellNodeConfig(), ...tellPullPlans()];

function readSentences(locale: string): ReadonlyMap<string, Sentences> {
  const file = join(import.meta.dirname, '..', '..', 'messages', `${locale}.json`);
  const { findings }: { findings: Record<string, Record<string, Sentences>> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return new Map(
    Object.entries(findings).flatMap(([family, words]) =>
      Object.entries(words).map(([name, each]): [string, Sentences] => [`${family}.${name}`, each]),
    ),
  );
}

const formatters = {
  getDateTimeFormat: (...args: Parameters<typeof Intl.DateTimeFormat>) =>
    Intl.DateTimeFormat(...args),
  getNumberFormat: (...args: Parameters<typeof Intl.NumberFormat>) => Intl.NumberFormat(...args),
  getPluralRules: (...args: ConstructorParameters<typeof Intl.PluralRules>) =>
    new Intl.PluralRules(...args),
};

function say(text: string, locale: string, parameters: ToldFinding['parameters']): string {
  // Compiled and said as in production.
  return String(format(compile(text), locale, { ...parameters }, { formatters }));
}

describe.each(LOCALES)('sentences of findings in %s', (locale) => {
  const sentences = readSentences(locale);

  it('are there for every code and for nothing else', () => {
    expect([...sentences.keys()].toSorted()).toEqual(Object.keys(codes).toSorted());
  });

  it('can be said of every finding, with a fix where there is one', () => {
    for (const { code, parameters, suggestion } of told) {
      const { sentence, fix } = sentences.get(code) ?? { sentence: '' };
      expect(say(sentence, locale, parameters)).not.toBe('');
      const said = fix === undefined ? '' : say(fix, locale, parameters);
      expect([code, said !== '']).toEqual([code, suggestion !== null]);
    }
  });

  it('name everything that the English ones name', () => {
    const english = readSentences('en');
    for (const [code, { sentence, fix = '' }] of sentences) {
      const wanted = english.get(code);
      expect([code, namesIn(sentence), namesIn(fix)]).toEqual([
        code,
        namesIn(wanted?.sentence ?? ''),
        namesIn(wanted?.fix ?? ''),
      ]);
    }
  });
});

/** Parameters that a sentence really shows, and all its branches. */
function namesIn(text: string): string[] {
  const shown = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const branches = [...text.matchAll(/\{(\w+), select,/g)].map(([, name]) => `${name}?`);
  return [...new Set([...shown, ...branches])].toSorted();
}

describe('the English sentence of a finding', () => {
  const sentences = readSentences('en');

  it('is what the server says', () => {
    for (const { code, message, suggestion, parameters } of told) {
      const { sentence, fix = '' } = sentences.get(code) ?? { sentence: '' };
      expect(say(sentence, 'en', parameters)).toBe(message);
      expect(say(fix, 'en', parameters)).toBe(suggestion ?? '');
    }
  });
});
