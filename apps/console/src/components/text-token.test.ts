import { describe, expect, it } from 'vitest';
import { tokenLengthAt } from './text-token';

describe('tokenLengthAt', () => {
  it.each([
    ['  "reg:5000": # x', 2, '"reg:5000"'],
    ["  'it''s': 1", 2, "'it''s'"],
    ['  harbor.acme.cn:8443:', 2, 'harbor.acme.cn:8443'],
    ['      - https://a.example/v2  # main', 8, 'https://a.example/v2'],
    ['password:', 0, 'password'],
    ['a#b: c', 0, 'a#b'],
    ['tls: {insecure_skip_verify: yes}}', 28, 'yes'],
    ['endpoint: [a.example, b.example]', 11, 'a.example'],
    ['"open', 0, '"open'],
    ['', 0, ''],
  ])('reads what stands in %j at %i', (line, from, token) => {
    expect(line.slice(from, from + tokenLengthAt(line, from))).toBe(token);
  });
});
