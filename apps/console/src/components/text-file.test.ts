import { describe, expect, it } from 'vitest';
import { readTextFile } from './text-file';

const file = (...bytes: number[]) => new File([Uint8Array.from(bytes)], 'registries.yaml');
const textFile = (text: string) => new File([text], 'registries.yaml');

describe('readTextFile', () => {
  it('reads text with the line ends that editors count', async () => {
    const read = await readTextFile(textFile('\ufeffa: 1\r\n# 注释\r\n'), 100);
    expect(read).toEqual({ ok: true, text: 'a: 1\n# 注释\n' });
  });

  it('refuses what is larger than allowed without reading it', async () => {
    const large = textFile('x'.repeat(11));
    large.arrayBuffer = () => Promise.reject(new Error('must not be read'));
    expect(await readTextFile(large, 10)).toMatchObject({
      refusal: { reason: 'too-large', sizeBytes: 11 },
    });
  });

  it.each([[[0xff, 0xfe, 0x41, 0x00]], [[0x41, 0x00, 0x42]], [[0xc3, 0x28]]])(
    'refuses bytes that are no text: %j',
    async (bytes) => {
      expect(await readTextFile(file(...bytes), 100)).toMatchObject({
        refusal: { reason: 'notText' },
      });
    },
  );

  it('says when the browser could not read it', async () => {
    const gone = textFile('x');
    gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
    expect(await readTextFile(gone, 100)).toMatchObject({ refusal: { reason: 'unreadable' } });
  });
});
