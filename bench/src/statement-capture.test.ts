import { expect, test } from 'vitest';
import { parseStatements } from './statement-capture.js';

const at = '2026-01-01 10:00:00.123 UTC';

test('reads statements over several lines with their parameters', () => {
  const log = [
    `${at} [7] LOG:  execute find-one: select a`,
    '\tfrom b where c = $1 and d = $2',
    `${at} [7] DETAIL:  Parameters: $1 = 'it''s', $2 = NULL`,
    `${at} [8] LOG:  statement: begin`,
    '',
  ].join('\n');
  expect(parseStatements(log)).toEqual([
    { backend: '7', text: 'select a\nfrom b where c = $1 and d = $2', values: ["it's", null] },
    { backend: '8', text: 'begin', values: [] },
  ]);
});

test('leaves out what is no statement', () => {
  expect(parseStatements(`${at} [7] LOG:  checkpoint starting: time\n`)).toEqual([]);
});
