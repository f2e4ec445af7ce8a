/**
 * The text of an API key: `mrg_<id>_<secret><checksum>`, id = the key's UUID as 32 hex digits,
 * secret = 256 random bits as 64 hex digits, checksum = CRC-32 of all before it as 8 hex digits. The
 * prefix and the checksum let secret scanners recognise one without asking us. Only SHA-256 of
 * the secret is stored: for 256 random bits a slow hash would add nothing.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { SecretText } from '@moorage/core';

const SHAPE = /^mrg_([0-9a-f]{32})_([0-9a-f]{64})([0-9a-f]{8})$/;

export interface ParsedApiKey {
  readonly id: string;
  readonly secret: SecretText;
}

export function createApiKeyToken(id: string): {
  readonly token: SecretText;
  readonly secretHash: Buffer;
} {
  const secret = randomBytes(32).toString('hex');
  const body = `mrg_${id.replaceAll('-', '')}_${secret}`;
  return {
    token: SecretText.of(`${body}${checksum(body)}`),
    secretHash: hashApiKeySecret(SecretText.of(secret)),
  };
}

/** Null for everything that is not a well-formed key, without asking the database. */
export function parseApiKeyToken(text: string): ParsedApiKey | null {
  const [, hex, secret, sum] = SHAPE.exec(text) ?? [];
  if (hex === undefined || secret === undefined || sum !== checksum(`mrg_${hex}_${secret}`))
    return null;
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id, secret: SecretText.of(secret) };
}

export function hashApiKeySecret(secret: SecretText): Buffer {
  return createHash('sha256').update(secret.reveal()).digest();
}

export function isSameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
