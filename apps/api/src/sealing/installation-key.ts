import { createHash } from 'node:crypto';
import type { SecretText } from '@moorage/core';

const KEY_BYTES = 32;

/** The key that wraps every sealed value's seed. `id` is stored beside what it wraps. */
export interface InstallationKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** From base64; the id is a one-way label, so that two replicas with different keys notice it. */
export function parseInstallationKey(base64: SecretText): InstallationKey {
  const bytes = Buffer.from(base64.reveal(), 'base64');
  if (bytes.length !== KEY_BYTES)
    throw new Error('The installation key must be 32 bytes in base64');
  const id = createHash('sha256')
    .update('moorage/key-id/1')
    .update(bytes)
    .digest('hex')
    .slice(0, 16);
  return { id, bytes };
}
