/** Rewrite rules of which some compile and some do not. The same seed gives the same rule. */
import { seededChoice } from './seeded-choice.js';

export interface GeneratedRewrite {
  readonly pattern: string;
  readonly replacement: string;
  readonly name: string;
}

const patternParts = [
  ...[
    'a',
    'b',
    'library',
    'nginx',
    '/',
    '.',
    '[.]',
    '\\.',
    '(.*)',
    '(a|b)',
    '(?:x)',
    '(?P<n>a)',
    '(?<m>b)',
  ],
  ...[
    'a*',
    'a+?',
    '.*?',
    '[a-c]+',
    '[^/]+',
    '\\d',
    '\\w+',
    '\\b',
    '$',
    '^',
    '\\A',
    '\\z',
    '|',
    '(',
    ')',
    'a{2}',
  ],
  ...[
    'a{2,}',
    '{',
    '[[:alpha:]]',
    '[[:alpha:]]+',
    '(?i)',
    '(?s:.)',
    '(?=a)',
    '\\1',
    '\\Q.\\E',
    '\\pL',
    'x**',
  ],
  ...[
    '()',
    '(?i:A)',
    'é',
    '\\x61',
    '\\C',
    'a++',
    '(?U)a+',
    '*',
    '\\',
    '[',
    'a{1001}',
    '\\pN+',
    '[^\\n]',
  ],
];
const replacementParts = [
  ...[
    'a',
    '/',
    '$1',
    '$2',
    '$0',
    '$n',
    '$m',
    '$',
    '$$',
    '\\1',
    '$&',
    '$1x',
    '$01',
    '$-',
    '.',
    'mirror/',
  ],
  ...['$99', '$é', '$'.concat('{'), '}', ...['1', 'n', 'x y', ''].map((name) => `\${${name}}`)],
];
const nameParts = [
  'a',
  'b',
  'aa',
  'x',
  'library/',
  'nginx',
  '/',
  '.',
  'team-a',
  '1',
  '_',
  'é',
  'A',
  '9b',
];

/** A rule of which some compile and some do not, and a name to apply it to. */
export function generateRewrite(seed: number): GeneratedRewrite {
  const choice = seededChoice(seed);
  const join = (parts: readonly string[], counts: readonly number[]) =>
    Array.from({ length: choice.pick(counts) }, () => choice.pick(parts)).join('');
  return {
    pattern: join(patternParts, [1, 1, 2, 2, 3, 4, 5]),
    replacement: join(replacementParts, [0, 1, 1, 2, 3]),
    name: join(nameParts, [0, 1, 2, 3, 4]),
  };
}
