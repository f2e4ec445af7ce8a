import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HeldContent } from './held-content.js';

describe('HeldContent', () => {
  it('gives the bytes back as often as they are needed', async () => {
    const held = HeldContent.of(Buffer.from('hunter2'));
    for (let n = 0; n < 2; n += 1) {
      expect(await held.use((plain) => Promise.resolve(plain.toString()))).toBe('hunter2');
    }
  });

  it('overwrites the plain bytes after use, also when the use fails', async () => {
    const held = HeldContent.of(Buffer.from('hunter2'));
    let seen: Buffer = Buffer.alloc(0);
    const use = held.use((plain) => {
      seen = plain;
      return Promise.reject(new Error('no reply'));
    });
    await expect(use).rejects.toThrow('no reply');
    expect(seen).toEqual(Buffer.alloc(7));
  });

  it('prints nothing of it', () => {
    const held = HeldContent.of(Buffer.from('hunter2'));
    expect(inspect(held, { depth: 5, showHidden: true }) + JSON.stringify(held)).not.toContain(
      'hunter2',
    );
  });
});
