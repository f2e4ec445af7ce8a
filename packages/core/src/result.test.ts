import { expect, it } from 'vitest';
import { Err, Ok } from './result.js';

it('carries a value or an error, told apart by ok', () => {
  expect(Ok(1)).toEqual({ ok: true, value: 1 });
  expect(Err('no')).toEqual({ ok: false, error: 'no' });
});
