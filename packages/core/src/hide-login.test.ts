import { expect, test } from 'vitest';
import { hideLogin, hideUrlLogins } from './hide-login.js';

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

test.each([
  ['server = "https://m.io/v2"', 'server = "https://m.io/v2"'],
  ['[host."https://u:p@ss@m.io:5000/v2"]', '[host."https://…@m.io:5000/v2"]'],
  [
    'configs["http://u:p@x.io"].auth, https://u@y.io',
    'configs["http://…@x.io"].auth, https://…@y.io',
  ],
  [
    'https://m.io/team@sha256:0a and ci@example.com',
    'https://m.io/team@sha256:0a and ci@example.com',
  ],
])('the URLs of %s are shown as %s', (text, shown) => {
  expect(hideUrlLogins(text)).toBe(shown);
});
