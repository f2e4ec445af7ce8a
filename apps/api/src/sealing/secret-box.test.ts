import { randomBytes } from 'node:crypto';
import { SecretText } from '@moorage/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstallationKey } from './installation-key.js';
import { type RowIdentity, SealError, SecretBox } from './secret-box.js';

const newKey = () => parseInstallationKey(SecretText.of(randomBytes(32).toString('base64')));
const row: RowIdentity = { table: 'credentials', id: 'a1', field: 'secret' };

describe('SecretBox', () => {
  it('opens what it sealed, for any text and row', () => {
    const box = new SecretBox(newKey());
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string(),
        fc.string(),
        fc.string(),
        (text, table, id, field) => {
          const sealed = box.seal(SecretText.of(text), { table, id, field });
          expect(box.open(sealed, { table, id, field }).reveal()).toBe(text);
        },
      ),
    );
  });

  it('refuses a sealed value in which any single bit was changed', () => {
    const box = new SecretBox(newKey());
    const { sealed, keyId } = box.seal(SecretText.of('s3cret'), row);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => box.open({ sealed: changed, keyId }, row)).toThrow(SealError);
    }
  });

  it('refuses a sealed value that was cut short or made longer', () => {
    const box = new SecretBox(newKey());
    const { sealed, keyId } = box.seal(SecretText.of('s3cret'), row);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => box.open({ sealed: sealed.subarray(0, length), keyId }, row)).toThrow(SealError);
    }
    expect(() => box.open({ sealed: Buffer.concat([sealed, Buffer.of(0)]), keyId }, row)).toThrow(
      SealError,
    );
  });

  it('refuses a sealed value that was moved to another table, row or field', () => {
    const box = new SecretBox(newKey());
    const sealed = box.seal(SecretText.of('s3cret'), row);
    const elsewhere: RowIdentity[] = [
      { ...row, table: 'registries' },
      { ...row, id: 'a2' },
      { ...row, field: 'key' },
      // the same letters, split in another place
      { table: 'credentials', id: 'a', field: '1secret' },
      { table: 'credentialsa1', id: '', field: 'secret' },
    ];
    for (const other of elsewhere) expect(() => box.open(sealed, other)).toThrow(SealError);
  });

  it('refuses a value of an unknown version', () => {
    const box = new SecretBox(newKey());
    const { sealed, keyId } = box.seal(SecretText.of('s3cret'), row);
    sealed[0] = 2;
    expect(() => box.open({ sealed, keyId }, row)).toThrow(SealError);
  });

  it('opens what the previous key sealed and seals with the current one', () => {
    const [previous, current] = [newKey(), newKey()];
    const old = new SecretBox(previous).seal(SecretText.of('s3cret'), row);
    const box = new SecretBox(current, previous);
    expect(box.open(old, row).reveal()).toBe('s3cret');
    expect(box.seal(SecretText.of('s3cret'), row).keyId).toBe(current.id);
    expect(() => new SecretBox(current).open(old, row)).toThrow(/was not given/);
  });

  it('refuses a value whose key id was swapped for another known key', () => {
    const [previous, current] = [newKey(), newKey()];
    const { sealed } = new SecretBox(previous).seal(SecretText.of('s3cret'), row);
    expect(() => new SecretBox(current, previous).open({ sealed, keyId: current.id }, row)).toThrow(
      SealError,
    );
  });

  it('never gives the same bytes twice, and holds no plain text', () => {
    const box = new SecretBox(newKey());
    const seen = new Set<string>();
    for (let n = 0; n < 1_000; n += 1) {
      const { sealed } = box.seal(SecretText.of('the very same secret'), row);
      expect(sealed.includes('the very same secret')).toBe(false);
      seen.add(sealed.subarray(1, 13).toString('hex')); // nonce of the seed
      seen.add(sealed.subarray(61, 93).toString('hex')); // info
    }
    expect(seen.size).toBe(2_000);
  });

  it('says nothing of the secret or the place in its errors', () => {
    const box = new SecretBox(newKey());
    const sealed = box.seal(SecretText.of('s3cret'), row);
    expect(() => box.open(sealed, { ...row, id: 'other' })).toThrow(
      'A sealed value was changed or is not of this row',
    );
  });
});

describe('parseInstallationKey', () => {
  it('refuses a key of any other length than 32 bytes', () => {
    for (const length of [0, 16, 31, 33, 64]) {
      const text = SecretText.of(randomBytes(length).toString('base64'));
      expect(() => parseInstallationKey(text)).toThrow('32 bytes');
    }
  });
});
