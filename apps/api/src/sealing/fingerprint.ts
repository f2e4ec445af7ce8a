/**
 * Keyed hashes: they tell whether two texts are the same, to this installation only. A plain hash
 * of a short password, or of a document that holds one, could be guessed from a stolen database.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { SecretText } from '@moorage/core';

export class Fingerprints {
  // Of raw bytes Node makes a key object at every use, at five times the cost of the hash itself.
  readonly #key: KeyObject;
  constructor(hashKey: Buffer) {
    this.#key = createSecretKey(hashKey);
  }

  /** Same text, same fingerprint, within one installation. */
  fingerprint(text: SecretText | string): Buffer {
    return this.#hash('fingerprint', typeof text === 'string' ? text : text.reveal());
  }

  /** Hex, for the content-hash annotation of objects that we write and for its copy in the database. */
  contentHash(bytes: Buffer | string): string {
    return this.#hash('content', bytes).toString('hex');
  }

  #hash(purpose: string, bytes: Buffer | string): Buffer {
    return createHmac('sha256', this.#key).update(`moorage/${purpose}/1\n`).update(bytes).digest();
  }
}
