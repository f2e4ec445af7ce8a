/**
 * Which installation key to use: the one given, else (with the embedded database only) the one in
 * the data directory, which the first start makes. A database whose key file is gone is refused:
 * a new key could not open what the old one sealed.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretText } from '@moorage/core';
import { type Env, EnvError } from './env.js';

const KEY_BYTES = 32;

export async function findMasterKey(env: Env, hasSealedValues: boolean): Promise<SecretText> {
  if (env.masterKey !== undefined) return env.masterKey;
  const file = join(env.dataDir, 'master.key');
  const stored = await readFile(file, 'utf8').catch(() => undefined);
  if (stored === undefined) {
    if (!hasSealedValues) return createKeyFile(file);
    throw new EnvError(
      `${file} is missing, and the database was sealed with it: restore it from a backup, or give the key as MOORAGE_MASTER_KEY.`,
    );
  }
  const key = SecretText.of(stored.trim());
  if (Buffer.from(key.reveal(), 'base64').length !== KEY_BYTES)
    throw new EnvError(
      `${file} does not hold a key of ${KEY_BYTES} bytes in base64: restore it, or give MOORAGE_MASTER_KEY.`,
    );
  return key;
}

async function createKeyFile(file: string): Promise<SecretText> {
  const text = randomBytes(KEY_BYTES).toString('base64');
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync(); // what is sealed with it must not outlive it in a power cut
  } finally {
    await handle.close();
  }
  return SecretText.of(text);
}
