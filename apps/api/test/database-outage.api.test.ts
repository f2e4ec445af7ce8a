/** Postgres goes away and comes back under a running server. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type EmbeddedPostgres,
  prepareDataDirectory,
  startEmbeddedPostgres,
} from '../src/database/embedded-postgres.js';
import { ChangeFeed } from '../src/events/change-feed.js';
import { buildAdmin, type TestUser } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';

let directory: string;
let postgres: EmbeddedPostgres;
let harness: Harness;
let admin: TestUser;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moorage-outage-'));
  await prepareDataDirectory(directory);
  postgres = await startEmbeddedPostgres(directory);
  harness = await startHarness({ connectionString: postgres.connectionString.reveal() });
  admin = await buildAdmin(harness);
});
afterAll(async () => {
  await harness.close();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
});

it('answers 503 with Retry-After while the database is gone, and recovers without a restart', async () => {
  const seen: string[] = [];
  harness.app.get(ChangeFeed).onChange((change) => seen.push(change.objectId));
  const pid = Number(
    (await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0],
  );
  process.kill(pid, 'SIGQUIT'); // every connection breaks at once

  await expect
    .poll(async () => (await fetch(`${harness.origin}/readyz`)).status, { timeout: 10_000 })
    .toBe(503);
  expect((await fetch(`${harness.origin}/healthz`)).status).toBe(200);
  const refused = await fetch(`${harness.origin}/api/v1/environments`, { headers: admin.headers });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  const write = admin.client(endpoints.createEnvironment, { body: { displayName: 'Lost' } });
  expect(await problemOf(write)).toMatchObject({ status: 503, code: 'database.unavailable' });

  postgres = await startEmbeddedPostgres(directory);
  await expect
    .poll(async () => (await fetch(`${harness.origin}/readyz`)).status, { timeout: 20_000 })
    .toBe(200);
  const created = await admin.client(endpoints.createEnvironment, {
    body: { displayName: 'After the outage' },
  });
  await expect.poll(() => seen, { timeout: 10_000 }).toContain(created.id);
  const { items } = await admin.client(endpoints.listEnvironments, { query: { q: 'lost' } });
  expect(items).toEqual([]);
});
