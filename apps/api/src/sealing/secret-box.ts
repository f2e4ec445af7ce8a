/**
 * Seals secrets at rest. Shape of Kubernetes KMS v2 (KEP-3299): a random seed, wrapped by the
 * installation's key, stands beside each value; 32 random bytes (`info`) go through HKDF-SHA-256 to
 * a single-use AES-256-GCM key, so that no nonce can ever repeat under one key.
 *
 * Envelope, version 1 (bytes):
 *   1        version = 1
 *   12 + 32 + 16   nonce, ciphertext and tag of the seed under the installation's key
 *   32       info
 *   12       nonce of the value
 *   n + 16   ciphertext and tag of the value
 * Associated data of both layers: version, table, row, field and key id, each with its length, so a
 * sealed value opens in its own place only. The id of a key is derived from it and tells nothing of it.
 *
 * Does not handle: choosing or storing the installation's key (`installation-key.ts`).
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { SecretText } from '@moorage/core';
import type { InstallationKey } from './installation-key.js';

const VERSION = 1;
const NONCE = 12; // NIST SP 800-38D, the size without extra hashing
const TAG = 16;
const SEED = 32;
const INFO = 32;
const WRAPPED_SEED = NONCE + SEED + TAG;
const HEADER = 1 + WRAPPED_SEED + INFO;

/** Where a sealed value lives. It can be opened there only. */
export interface RowIdentity {
  readonly table: string;
  readonly id: string;
  readonly field: string;
}

export interface Sealed {
  readonly sealed: Buffer;
  /** which installation key wraps it; stored beside it, so that a rotation can count */
  readonly keyId: string;
}

/** A sealed value that does not open: unknown key, wrong place, or changed bytes. Says no more. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

// Raw bytes cost more than twice a key object at every use, as in `fingerprint.ts`.
interface WrappingKey {
  readonly id: string;
  readonly key: KeyObject;
}

export class SecretBox {
  readonly #current: WrappingKey;
  readonly #byId: ReadonlyMap<string, WrappingKey>;

  /** Seals with `current`; opens what either key sealed. */
  constructor(current: InstallationKey, previous?: InstallationKey) {
    this.#current = wrappingKey(current);
    const older = previous === undefined ? [] : [wrappingKey(previous)];
    this.#byId = new Map([...older, this.#current].map((each) => [each.id, each]));
  }

  get keyId(): string {
    return this.#current.id;
  }

  seal(secret: SecretText, row: RowIdentity): Sealed {
    return this.sealBytes(Buffer.from(secret.reveal(), 'utf8'), row);
  }

  sealBytes(plain: Buffer, row: RowIdentity): Sealed {
    const { id: keyId, key } = this.#current;
    const seed = randomBytes(SEED);
    const info = randomBytes(INFO);
    const wrapped = encrypt(key, seed, associatedData('seed', row, keyId));
    const value = encrypt(deriveKey(seed, info), plain, associatedData('value', row, keyId));
    return { sealed: Buffer.concat([Buffer.of(VERSION), wrapped, info, value]), keyId };
  }

  /** Throws `SealError` unless the bytes are exactly what was sealed for this row with this key. */
  open(sealed: Sealed, row: RowIdentity): SecretText {
    return SecretText.of(this.openBytes(sealed, row).toString('utf8'));
  }

  openBytes({ sealed, keyId }: Sealed, row: RowIdentity): Buffer {
    const wrapping = this.#byId.get(keyId);
    if (wrapping === undefined)
      throw new SealError(`Sealed with a key that this server was not given (key id ${keyId})`);
    if (sealed.length < HEADER + NONCE + TAG || sealed[0] !== VERSION)
      throw new SealError('Not a sealed value of a known version');
    const seed = decrypt(
      wrapping.key,
      sealed.subarray(1, 1 + WRAPPED_SEED),
      associatedData('seed', row, keyId),
    );
    const info = sealed.subarray(1 + WRAPPED_SEED, HEADER);
    return decrypt(
      deriveKey(seed, info),
      sealed.subarray(HEADER),
      associatedData('value', row, keyId),
    );
  }
}

function wrappingKey({ id, bytes }: InstallationKey): WrappingKey {
  return { id, key: createSecretKey(bytes) };
}

function deriveKey(seed: Buffer, info: Buffer): KeyObject {
  const bytes = hkdfSync('sha256', createSecretKey(seed), Buffer.alloc(0), info, 32);
  return createSecretKey(Buffer.from(bytes));
}

/** Length-prefixed parts: no two different identities give the same bytes. */
function associatedData(layer: 'seed' | 'value', row: RowIdentity, keyId: string): Buffer {
  const parts = [`moorage/sealed/${VERSION}/${layer}`, row.table, row.id, row.field, keyId];
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function encrypt(key: KeyObject, plain: Buffer, aad: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: KeyObject, bytes: Buffer, aad: Buffer): Buffer {
  const end = bytes.length - TAG;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), {
      authTagLength: TAG,
    })
      .setAAD(aad)
      .setAuthTag(bytes.subarray(end));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, end)), decipher.final()]);
  } catch {
    // One answer for every reason: which part was wrong would help whoever changed it.
    throw new SealError('A sealed value was changed or is not of this row');
  }
}
