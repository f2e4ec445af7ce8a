import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { IdempotencyRepository } from '../src/http/idempotency.repository.js';
import { buildAdmin, type TestUser } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let admin: TestUser;
beforeAll(async () => {
  harness = await startHarness();
  admin = await buildAdmin(harness);
});
afterAll(() => harness.close());

// The change is committed before its reply is kept; the database can go away in between.
it('never does a request again whose reply could not be kept', async () => {
  const repository = harness.app.get(IdempotencyRepository);
  vi.spyOn(repository, 'keep').mockRejectedValueOnce(new Error('the database went away'));
  const body = { displayName: 'Only once' };
  const call = () => admin.client(endpoints.createEnvironment, { body, idempotencyKey: 'once' });
  expect((await call()).name).toBe('only-once');
  expect((await problemOf(call())).code).toBe('request.idempotency-in-progress');
});

it("does not answer one caller with another's reply", async () => {
  const other = await buildAdmin(harness);
  const body = { displayName: 'Mine' };
  const options = { body, idempotencyKey: 'shared' };
  const mine = await admin.client(endpoints.createEnvironment, options);
  const theirs = await other.client(endpoints.createEnvironment, options);
  expect(theirs.id).not.toBe(mine.id);
});
