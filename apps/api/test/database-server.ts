/**
 * One Postgres for a whole test run: the embedded one, in a temporary directory. Every test file
 * makes a database of its own in it (`harness.ts`).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { prepareDataDirectory, startEmbeddedPostgres } from '../src/database/embedded-postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

let stop: (() => Promise<void>) | undefined;

export async function setup(project: TestProject): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'moorage-test-'));
  await prepareDataDirectory(directory);
  const postgres = await startEmbeddedPostgres(directory);
  project.provide('postgresUrl', postgres.connectionString.reveal());
  stop = async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

export async function teardown(): Promise<void> {
  await stop?.();
}
