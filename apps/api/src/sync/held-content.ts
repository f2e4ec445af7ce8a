/**
 * A document with secrets that is needed again and again (one per namespace), kept encrypted under
 * a key that lives and dies with this process, and opened only while a request is being written.
 * Keeps passwords out of heap dumps, swapped pages and whatever prints objects; it does not protect
 * against somebody who can read this process's memory at will.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';

// A key object, made once: of raw bytes Node makes one at every use, which costs more than the cipher.
const processKey = createSecretKey(randomBytes(32));
const NONCE_BYTES = 12; // NIST SP 800-38D
const TAG_BYTES = 16;

export class HeldContent {
  readonly #sealed: Buffer;

  private constructor(sealed: Buffer) {
    this.#sealed = sealed;
  }

  static of(plain: Buffer): HeldContent {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', processKey, nonce);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return new HeldContent(Buffer.concat([nonce, cipher.getAuthTag(), body]));
  }

  /** Gives the plain bytes to `use` and overwrites them when it is done. */
  async use<T>(use: (plain: Buffer) => Promise<T>): Promise<T> {
    const plain = this.#open();
    try {
      return await use(plain);
    } finally {
      plain.fill(0);
    }
  }

  #open(): Buffer {
    const nonce = this.#sealed.subarray(0, NONCE_BYTES);
    const tag = this.#sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', processKey, nonce).setAuthTag(tag);
    const body = this.#sealed.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }
}
