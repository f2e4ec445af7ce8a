import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8Base64, encodeUtf8Base64, utf8Size } from './utf8-base64.js';

describe('base64 of UTF-8', () => {
  it('agrees with another implementation and decodes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = encodeUtf8Base64(text);
        expect(encoded).toBe(Buffer.from(text).toString('base64'));
        expect(decodeUtf8Base64(encoded)).toBe(text);
        expect(decodeUtf8Base64(encoded.replace(/=+$/, ''))).toBe(text);
        expect(utf8Size(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('encodes more than one chunk', () => {
    const text = 'ä'.repeat(100_000);
    expect(encodeUtf8Base64(text)).toBe(Buffer.from(text).toString('base64'));
  });

  it.each(['abcde', 'YWJj!', 'YW Jj', 'YWJj====', '_-8=', '/w==', 'ä'])('refuses %j', (text) => {
    expect(decodeUtf8Base64(text)).toBeNull();
  });

  it('ignores blanks around', () => {
    expect(decodeUtf8Base64(' YWJj\n')).toBe('abc');
  });
});
