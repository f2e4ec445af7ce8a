/**
 * The installation's row: its id and its hash key, which is sealed. Opening that key at every start
 * proves that the master key is the right one, before anything could be sealed with a wrong one.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { SecretText } from '@moorage/core';
import type { Queryable } from '../database/transaction.js';
import { Fingerprints } from './fingerprint.js';
import { type InstallationKey, parseInstallationKey } from './installation-key.js';
import { SealError, SecretBox } from './secret-box.js';

/** What this installation is called in clusters (`moorage.dev/installation`). Injected by class. */
export class Installation {
  constructor(readonly id: string) {}
}

export interface OpenedInstallation {
  readonly installation: Installation;
  readonly secretBox: SecretBox;
  readonly fingerprints: Fingerprints;
}

/** A start with a wrong master key; the message is the one sentence to print. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
}

interface InstallationRow {
  readonly id: string;
  readonly sealed: Buffer;
  readonly keyId: string;
}

const SELECT = 'select id, hash_key_sealed as sealed, hash_key_key_id as "keyId" from installation';

function rowIdentity(id: string) {
  return { table: 'installation', id, field: 'hash_key' };
}

/** Whether there are values that only the installation's key can open. */
export async function hasInstallation(database: Queryable): Promise<boolean> {
  return (await database.one(SELECT)) !== undefined;
}

/** Reads the installation's row, or makes it on the first start. Throws `WrongMasterKey`. */
export async function openInstallation(
  database: Queryable,
  keys: { readonly current: SecretText; readonly previous: SecretText | undefined },
): Promise<OpenedInstallation> {
  const current = parseInstallationKey(keys.current);
  const previous = keys.previous === undefined ? undefined : parseInstallationKey(keys.previous);
  const secretBox = new SecretBox(current, previous);
  const row =
    (await database.one<InstallationRow>(SELECT)) ?? (await createRow(database, secretBox));
  const hashKey = openHashKey(secretBox, row, current, previous);
  if (row.keyId !== current.id) await resealHashKey(database, secretBox, row, hashKey);
  return {
    installation: new Installation(row.id),
    secretBox,
    fingerprints: new Fingerprints(hashKey),
  };
}

async function createRow(database: Queryable, box: SecretBox): Promise<InstallationRow> {
  const id = randomUUID();
  const { sealed, keyId } = box.sealBytes(randomBytes(32), rowIdentity(id));
  // Two replicas may start at once on an empty database: the first row stays.
  await database.execute(
    'insert into installation (id, hash_key_sealed, hash_key_key_id) values ($1, $2, $3) on conflict do nothing',
    [id, sealed, keyId],
  );
  const row = await database.one<InstallationRow>(SELECT);
  if (row === undefined)
    throw new Error('The installation row is missing right after it was written');
  return row;
}

function openHashKey(
  box: SecretBox,
  row: InstallationRow,
  current: InstallationKey,
  previous: InstallationKey | undefined,
): Buffer {
  try {
    return box.openBytes(row, rowIdentity(row.id));
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const given = previous === undefined ? current.id : `${current.id} and ${previous.id}`;
    throw new WrongMasterKey(
      `MOORAGE_MASTER_KEY is not the key that this database was sealed with (needed: key id ${row.keyId}, given: ${given}). Give the right key, or the old one as MOORAGE_MASTER_KEY_PREVIOUS while you rotate.`,
    );
  }
}

async function resealHashKey(
  database: Queryable,
  box: SecretBox,
  row: InstallationRow,
  hashKey: Buffer,
): Promise<void> {
  const { sealed, keyId } = box.sealBytes(hashKey, rowIdentity(row.id));
  await database.execute(
    'update installation set hash_key_sealed = $1, hash_key_key_id = $2 where id = $3 and hash_key_key_id = $4',
    [sealed, keyId, row.id, row.keyId],
  );
}
