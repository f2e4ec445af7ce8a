import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createApiKeyToken,
  hashApiKeySecret,
  isSameHash,
  parseApiKeyToken,
} from './api-key-token.js';

describe('API key text', () => {
  it('gives back its id and secret', () => {
    const id = randomUUID();
    const { token, secretHash } = createApiKeyToken(id);
    const parsed = parseApiKeyToken(token.reveal());
    expect(parsed?.id).toBe(id);
    expect(parsed !== null && isSameHash(hashApiKeySecret(parsed.secret), secretHash)).toBe(true);
  });

  it('is refused without a look-up when one letter is wrong, missing or added', () => {
    const text = createApiKeyToken(randomUUID()).token.reveal();
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'a' ? 'b' : 'a';
      expect(parseApiKeyToken(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
    }
    expect(parseApiKeyToken(text.slice(0, -1))).toBeNull();
    expect(parseApiKeyToken(`${text}0`)).toBeNull();
    expect(parseApiKeyToken('')).toBeNull();
  });
});
