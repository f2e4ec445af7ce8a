import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretText } from './secret-text.js';

const secret = SecretText.of('planted-value');

describe('SecretText', () => {
  it('reveals the text only on request', () => {
    expect(secret.reveal()).toBe('planted-value');
  });

  it.each<[string, string]>([
    ['String()', String(secret)],
    ['toString()', secret.toString()],
    ['a template', `${secret}`],
    ['concatenation', ['', secret].join('')],
    ['JSON', JSON.stringify({ secret })],
    ['the inspector', inspect({ nested: { secret } }, { showHidden: true, depth: 9 })],
    ['an error message', new Error(`failed with ${secret}`).message],
  ])('prints a placeholder through %s', (_way, text) => {
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('planted-value');
  });

  // Loggers and copies walk own properties; a TypeScript-private field would be among them.
  it('has no property that a walk could find', () => {
    expect(Reflect.ownKeys(secret)).toEqual([]);
    expect(JSON.stringify({ ...secret })).toBe('{}');
    expect(JSON.stringify(structuredClone({ ...secret }))).toBe('{}');
  });
});
