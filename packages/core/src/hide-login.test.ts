import { expect, test } from 'vitest';
import { hideLogin } from './hide-login.js';

test.each([
  ['https://m.io/v2', 'https://m.io/v2'],
  ['a.io/x@sha256:0aF', 'a.io/x@sha256:0aF'],
  ['https://user:pass@m.io/v2', 'https://…@m.io/v2'],
  ['https://user:pa/ss"@m.io', 'https://…@m.io'],
  ['user:pa@ss@m.io:5000', '…@m.io:5000'],
  ['@', '…@'],
])('%s is shown as %s', (text, shown) => {
  expect(hideLogin(text)).toBe(shown);
});
