import { randomBytes } from 'node:crypto';
import { SecretText } from '@moorage/core';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Database } from '../src/database/database.js';
import { migrate, readMigrations } from '../src/database/migrations.js';
import { openInstallation, WrongMasterKey } from '../src/sealing/installation.js';
import { createDatabase } from './harness.js';

let database: Database;
const newKey = () => SecretText.of(randomBytes(32).toString('base64'));
const [first, second, third] = [newKey(), newKey(), newKey()];
const open = (current: SecretText, previous?: SecretText) =>
  openInstallation(database, { current, previous });

beforeAll(async () => {
  const connectionString = await createDatabase(inject('postgresUrl'));
  await migrate(connectionString, await readMigrations());
  database = new Database({ connectionString }, pino({ level: 'silent' }));
});
afterAll(() => database.onApplicationShutdown());

it('is made once, also by two replicas at the same moment, and keeps its id and hash key', async () => {
  const [one, two] = await Promise.all([open(first), open(first)]);
  expect(one.installation.id).toBe(two.installation.id);
  expect(one.fingerprints.fingerprint('x').equals(two.fingerprints.fingerprint('x'))).toBe(true);
});

it('refuses a start with another master key in one sentence that names the variable, not the key', async () => {
  const refusal = await open(second).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(WrongMasterKey);
  expect(String(refusal)).toMatch(/MOORAGE_MASTER_KEY is not the key/);
  expect(String(refusal)).not.toContain(second.reveal());
  await expect(open(second, third)).rejects.toThrow(WrongMasterKey);
});

it('accepts a new key together with the previous one, and then the new one alone', async () => {
  const before = (await open(first)).fingerprints.fingerprint('x');
  await open(second, first);
  const after = (await open(second)).fingerprints.fingerprint('x');
  expect(after.equals(before)).toBe(true);
  await expect(open(first)).rejects.toThrow(WrongMasterKey);
});
