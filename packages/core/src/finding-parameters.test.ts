/** Codes, their parameters and the findings that are really told agree. */
import { describe, expect, test } from 'vitest';
import {
  type ToldFinding,
  tellNodeConfig,
  tellPullPlans,
  tellRegistriesYaml,
} from '../test/finding-samples.js';
import { type CodeTable, shown, visibleText } from './finding-parameters.js';
import { nodeConfigCodes } from './node-config/index.js';
import { pullPlanCodes } from './pull-plan/index.js';
import { registriesYamlCodes } from './registries-yaml/index.js';

// Told only about drafts, which the preview tests hold.
const draftsOnly = ['node-config.registry-address-invalid'];

const families: readonly [string, CodeTable, () => readonly ToldFinding[]][] = [
  ['registries.yaml', registriesYamlCodes, tellRegistriesYaml],
  ['node config', nodeConfigCodes, tellNodeConfig],
  ['pull plans', pullPlanCodes, tellPullPlans],
];

describe.each(families)('findings of %s', (_, table, tell) => {
  const told = tell();

  test('are told for every code, and for no code outside the table', () => {
    const codes = new Set([...told.map(({ code }) => code)]);
    const expected = Object.keys(table).filter((code) => !draftsOnly.includes(code));
    expect([...codes].toSorted()).toEqual(expected.toSorted());
  });

  test('carry exactly the parameters of their code', () => {
    for (const { code, parameters } of told) {
      expect([code, ...Object.keys(parameters).toSorted()]).toEqual([
        code,
        ...(table[code] ?? []).toSorted(),
      ]);
    }
  });

  test('hold no secret of the document', () => {
    expect(JSON.stringify(told)).not.toContain('secret@');
  });
});

describe('text of a document in a sentence', () => {
  test('is cut, and no control or direction character passes', () => {
    expect(shown('a\nb\u202ec\u2028')).toBe('"a\\u000ab\\u202ec\\u2028"');
    expect(visibleText('x'.repeat(500))).toHaveLength(120);
  });

  test('keeps backslashes and quotes as they are', () => {
    expect(visibleText('^a\\.b"')).toBe('^a\\.b"');
  });
});
