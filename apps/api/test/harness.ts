/**
 * The real application on a free port with a real, fresh Postgres database, for API tests. Calls go
 * over HTTP through the contract's client, so every reply is what a console or script would get.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { type Client, createClient, type ProblemDocument, ProblemError } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { pino } from 'pino';
import { inject } from 'vitest';
import { ComputingPlace } from '../src/computing/computing-place.js';
import { readEnv } from '../src/config/env.js';
import { describeError } from '../src/config/log.js';
import { Database } from '../src/database/database.js';
import { migrate, readMigrations } from '../src/database/migrations.js';
import { EnvironmentsService } from '../src/environments/environments.service.js';
import { createApplication } from '../src/http/application.js';
import { openInstallation } from '../src/sealing/installation.js';

export interface Harness {
  readonly app: NestFastifyApplication;
  readonly database: Database;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** every line that the server has logged */
  readonly logLines: readonly string[];
  readonly connectionString: string;
  close(): Promise<void>;
}

export interface HarnessOptions {
  /** an empty database of the test's own; absent: one in the run's Postgres */
  readonly connectionString?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly computing?: ComputingPlace;
}

/** Starts the application; `close()` it in `afterAll`. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const connectionString =
    options.connectionString ?? (await createDatabase(inject('postgresUrl')));
  await migrate(connectionString, await readMigrations());
  const masterKey = randomBytes(32).toString('base64');
  const env = readEnv({
    DATABASE_URL: connectionString,
    MOORAGE_MASTER_KEY: masterKey,
    MOORAGE_CONSOLE: 'off',
    MOORAGE_ALLOWED_NETWORKS: '127.0.0.0/8',
    PORT: '0',
    ...options.variables,
  });
  const logLines: string[] = [];
  const log = pino(
    { level: 'trace', base: null, serializers: { err: describeError } },
    collectLines(logLines),
  );
  const opened = await openWith(connectionString, env.masterKey ?? SecretText.of(masterKey));
  const computing = options.computing ?? FROM_SOURCE;
  const app = await createApplication({ env, log, connectionString, opened, computing });
  await app.listen(0, '127.0.0.1');
  const database = app.get(Database);
  await app.get(EnvironmentsService).ensureDefault();
  const origin = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  return { app, database, origin, logLines, connectionString, close: () => app.close() };
}

/** Threads run from source too, so that a stale build can never decide a test. */
const FROM_SOURCE = new ComputingPlace({
  url: new URL('../src/computing/compute-worker.ts', import.meta.url),
  execArgv: [
    '--experimental-transform-types',
    '--no-warnings',
    '--import',
    new URL('./source-modules.mjs', import.meta.url).href,
  ],
});

async function openWith(connectionString: string, masterKey: SecretText) {
  const database = new Database({ connectionString, maxConnections: 1 }, pino({ level: 'silent' }));
  try {
    return await openInstallation(database, { current: masterKey, previous: undefined });
  } finally {
    await database.onApplicationShutdown();
  }
}

/** An empty database of its own in the run's Postgres. */
export async function createDatabase(serverUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function collectLines(into: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      into.push(chunk.toString('utf8').trimEnd());
      done();
    },
  });
}

/** A client with these headers (`cookie` or `authorization`). */
export function clientOf(harness: Harness, headers: Readonly<Record<string, string>> = {}): Client {
  return createClient({ baseUrl: `${harness.origin}/api/v1`, headers });
}

/** Signs in; answers the headers that carry the session. */
export async function signIn(
  harness: Pick<Harness, 'origin'>,
  username: string,
  password: string,
): Promise<{ cookie: string }> {
  const response = await fetch(`${harness.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (response.status !== 204 || cookie === undefined)
    throw new Error(`sign-in answered ${response.status}`);
  return { cookie };
}

/** The problem that a call was refused with; fails if it was not refused. */
export async function problemOf(call: Promise<unknown>): Promise<ProblemDocument> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('The call was not refused');
}
