import { describe, expect, it } from 'vitest';
import { isCrossSite } from './same-origin.js';

const ownOrigins = ['https://moorage.example'];
const cases: readonly [
  method: string,
  secFetchSite: string | undefined,
  origin: string | undefined,
  refused: boolean,
][] = [
  ['POST', 'same-origin', 'https://moorage.example', false],
  ['POST', 'same-site', 'https://other.example', true],
  ['POST', 'cross-site', undefined, true],
  ['POST', 'none', undefined, true],
  ['DELETE', 'cross-site', 'https://moorage.example', true],
  ['POST', undefined, 'https://moorage.example', false],
  ['POST', undefined, 'http://moorage.example', true],
  ['POST', undefined, 'https://moorage.example.evil.test', true],
  ['POST', undefined, 'null', true],
  ['POST', undefined, undefined, false],
  ['GET', 'cross-site', 'https://evil.test', false],
  ['HEAD', 'cross-site', undefined, false],
];

describe('isCrossSite', () => {
  it.each(cases)(
    '%s with Sec-Fetch-Site %s and Origin %s: refused %s',
    (method, secFetchSite, origin, refused) => {
      expect(isCrossSite(method, { secFetchSite, origin, ownOrigins })).toBe(refused);
    },
  );
});
