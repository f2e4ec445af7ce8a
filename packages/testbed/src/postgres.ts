/**
 * A throwaway Postgres server: one for a test run, one database for each test file. Without fsync,
 * because nothing in it outlives the run.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startProgram, waitUntilReady } from './child-process.js';
import { freePort } from './free-port.js';
import {
  asUnprivileged,
  findPostgresPrograms,
  type PostgresPrograms,
} from './postgres-programs.js';
import { createTemporaryDirectory } from './temporary-directory.js';

export interface Postgres {
  /** Of the maintenance database; hand it to `createDatabase`, also in another process. */
  readonly url: string;
  readonly logFile: string;
  createDatabase(): Promise<string>;
  /** The server answers nothing but its connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Ends the server (connections break) and starts it again on the same port with its data. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

const user = 'moorage';

export async function startPostgres(): Promise<Postgres> {
  const directory = createTemporaryDirectory('postgres');
  const programs = findPostgresPrograms(join(directory.path, 'lib'));
  const password = randomBytes(16).toString('hex');
  const data = join(directory.path, 'data');
  await initialise(programs, directory.path, data, password);
  const port = await freePort();
  const url = `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`;
  const logFile = join(directory.path, 'postgres.log');
  const start = () => startServer(programs, data, port, url, logFile);
  let program = await start();
  return {
    url,
    logFile,
    createDatabase: () => createDatabase(url),
    freeze: () => program.freeze(),
    thaw: () => program.thaw(),
    halt: () => program.stop(),
    resume: async () => {
      program = await start();
    },
    async stop() {
      await program.stop();
      await directory.remove();
    },
  };
}

/** A new empty database on that server; answers its connection string. */
export async function createDatabase(serverUrl: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function initialise(
  programs: PostgresPrograms,
  directory: string,
  data: string,
  password: string,
): Promise<void> {
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const { command, args, uid, gid } = asUnprivileged(programs.initdb, [
    ...['-D', data, '--username', user, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions'],
  ]);
  if (uid !== undefined && gid !== undefined) {
    for (const path of [directory, passwordFile]) chownSync(path, uid, gid);
  }
  const identity = uid === undefined || gid === undefined ? {} : { uid, gid };
  const child = spawn(command, [...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...programs.environment },
    ...identity,
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb failed: ${errors}`)),
    );
  });
}

async function startServer(
  programs: PostgresPrograms,
  data: string,
  port: number,
  url: string,
  logFile: string,
) {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '200',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const program = startProgram({
    name: 'postgres',
    ...asUnprivileged(programs.postgres, ['-D', data, '-p', String(port), ...flags]),
    logFile,
    environment: programs.environment,
    // Fast shutdown: open sessions are ended; SIGTERM would wait for them.
    stopSignal: 'SIGINT',
  });
  const isReady = () =>
    withClient(url, async (client) => (await client.query('SELECT 1')).rowCount === 1);
  await waitUntilReady(program, isReady, { timeoutMs: 30_000 });
  return program;
}
