/**
 * The embedded Postgres: initialised in the data directory on the first start, listening on
 * 127.0.0.1 and a port of its own, with a random password. After kill -9 of the server its postmaster
 * may still run (it is taken over) or be gone with its lock file left (Postgres recovers).
 *
 * Files in the data directory: `postgres/` (the cluster), `postgres.json` (port and password, 0600),
 * `postgres-lib/` (links to libraries), `postgres.log` (of the last start).
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SecretText } from '@moorage/core';
import pg from 'pg';
import { z } from 'zod';
import { freePort, isFree } from './free-port.js';
import { ensureExecutable, findPostgresPrograms, linkLibraries } from './postgres-binaries.js';
import {
  lastLogLine,
  type Place,
  runToEnd,
  spawnProgram,
  stopProcess,
} from './postgres-process.js';
import { choosePostgresUser } from './postgres-user.js';
import { isAlive, readLivePostmaster } from './postmaster-file.js';

const START_TIMEOUT_MS = 60_000; // crash recovery of a large log takes its time
const POLL_MS = 25;
const DATABASE = 'moorage';
const USER = 'moorage';

const Settings = z.object({ port: z.number().int(), password: z.string().min(1) });
type Settings = z.infer<typeof Settings>;

/** Why the embedded Postgres cannot be used: one sentence for the terminal. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

export interface EmbeddedPostgres {
  readonly connectionString: SecretText;
  /** Stops it and waits for its end; does nothing while another process of ours uses it. */
  stop(): Promise<void>;
}

/** Makes the data directory (0700); one clear sentence when it cannot be written. */
export async function prepareDataDirectory(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await chmod(dataDir, 0o700);
    const probe = join(dataDir, '.writable');
    await writeFile(probe, 'x');
    await rm(probe);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `MOORAGE_DATA_DIR (${dataDir}) cannot be written: ${reasonOf(error)}.`,
    );
  }
}

/** Starts it, or takes over the one that is still running. Throws `EmbeddedPostgresError`. */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  try {
    return await start(dataDir);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `The embedded Postgres in ${dataDir} cannot start: ${reasonOf(error)}.`,
    );
  }
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const user = await choosePostgresUser();
  const place: Place = {
    cluster: join(dataDir, 'postgres'),
    settings: join(dataDir, 'postgres.json'),
    libraries: join(dataDir, 'postgres-lib'),
    log: join(dataDir, 'postgres.log'),
    user,
    programs: findPostgresPrograms(),
  };
  // As root: the owner of the files must be able to enter; everybody else still cannot.
  if (user !== undefined) await chown(dataDir, user.uid, user.gid);
  const environment = await linkLibraries(place.programs, place.libraries);
  let settings = await readSettings(place);
  if (settings === undefined) settings = await initialise(place, environment);
  const running = await readLivePostmaster(place.cluster);
  if (running !== undefined && (await answers(settings, running.port)))
    return adopted(settings, running);
  return launch(place, settings, environment);
}

async function readSettings(place: Place): Promise<Settings | undefined> {
  const initialised = await stat(join(place.cluster, 'PG_VERSION')).catch(() => undefined);
  const text = await readFile(place.settings, 'utf8').catch(() => undefined);
  if (initialised === undefined || text === undefined) return undefined;
  return Settings.parse(JSON.parse(text));
}

async function initialise(place: Place, environment: Record<string, string>): Promise<Settings> {
  // The settings are written last: without them, what is there is a first start that was cut off.
  await refuseForeignCluster(place);
  await rm(place.cluster, { recursive: true, force: true });
  await mkdir(place.cluster, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = `${place.settings}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.user !== undefined) {
    await chown(place.cluster, place.user.uid, place.user.gid);
    await chown(passwordFile, place.user.uid, place.user.gid);
  }
  try {
    await ensureExecutable(place.programs.initdb);
    await ensureExecutable(place.programs.postgres);
    const flags = [
      `--pgdata=${place.cluster}`,
      '--auth=scram-sha-256',
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ];
    await runToEnd(place, place.programs.initdb, flags, environment);
  } finally {
    await rm(passwordFile, { force: true });
  }
  const settings: Settings = { port: await freePort(), password };
  await writeSettings(place, settings);
  return settings;
}

/** A cluster that was used but has lost its settings holds somebody's data: never deleted by us. */
async function refuseForeignCluster(place: Place): Promise<void> {
  const used = await stat(join(place.cluster, 'moorage-in-use')).catch(() => undefined);
  if (used !== undefined) {
    throw new EmbeddedPostgresError(
      `${place.settings} is missing, but ${place.cluster} holds a database: restore that file from a backup, or move the directory away to start anew.`,
    );
  }
}

async function writeSettings(place: Place, settings: Settings): Promise<void> {
  const next = `${place.settings}.next`;
  await writeFile(next, `${JSON.stringify(settings)}\n`, { mode: 0o600 });
  await rename(next, place.settings);
}

async function launch(
  place: Place,
  stored: Settings,
  environment: Record<string, string>,
): Promise<EmbeddedPostgres> {
  const settings = {
    ...stored,
    port: (await isFree(stored.port)) ? stored.port : await freePort(),
  };
  if (settings.port !== stored.port) await writeSettings(place, settings);
  // No socket directory (its path may be too long), no remote interface; fsync stays on.
  const flags = [
    '-D',
    place.cluster,
    '-p',
    String(settings.port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'max_connections=60',
    '-c',
    'log_min_messages=warning',
    '-c',
    'log_statement=none',
  ];
  const child = await spawnProgram(place, place.programs.postgres, flags, environment);
  await waitUntilReady(child, settings, place);
  await writeFile(join(place.cluster, 'moorage-in-use'), ''); // from now on it holds data
  return {
    connectionString: connectionString(settings),
    stop: () =>
      stopUnlessShared(
        settings,
        child.pid,
        () => child.exitCode === null && child.signalCode === null,
      ),
  };
}

async function waitUntilReady(
  child: ChildProcess,
  settings: Settings,
  place: Place,
): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new EmbeddedPostgresError(
        `The embedded Postgres did not start: ${await lastLogLine(place)}`,
      );
    }
    if (await answers(settings, settings.port)) return;
    await delay(POLL_MS);
  }
  child.kill('SIGINT');
  throw new EmbeddedPostgresError(
    `The embedded Postgres did not answer within ${START_TIMEOUT_MS / 1000} s; see ${place.log}.`,
  );
}

function adopted(
  settings: Settings,
  { pid, port }: { pid: number; port: number },
): EmbeddedPostgres {
  return {
    connectionString: connectionString({ ...settings, port }),
    stop: () => stopUnlessShared({ ...settings, port }, pid, () => isAlive(pid)),
  };
}

/** A command beside a running server, or a start that failed on its port, must not end the server's database. */
async function stopUnlessShared(
  settings: Settings,
  pid: number | undefined,
  alive: () => boolean,
): Promise<void> {
  if (!(await isShared(settings))) await stopProcess(pid, alive);
}

async function isShared(settings: Settings): Promise<boolean> {
  return ask(settings, async (client) => {
    const { rowCount } = await client.query(
      `select 1 from pg_stat_activity where datname = $1 and application_name like 'moorage%' limit 1`,
      [DATABASE],
    );
    return rowCount !== 0;
  });
}

/** Ready = our database answers to our password (made on the first start). */
async function answers(settings: Settings, port: number): Promise<boolean> {
  return ask({ ...settings, port }, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
      DATABASE,
    ]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
    return true;
  });
}

/** Asks the server's own database; false when it does not answer. */
async function ask(
  settings: Settings,
  question: (client: pg.Client) => Promise<boolean>,
): Promise<boolean> {
  const client = new pg.Client({
    connectionString: connectionString(settings, 'postgres').reveal(),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined); // the failed question says it
  try {
    await client.connect();
    return await question(client);
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function connectionString({ port, password }: Settings, database: string = DATABASE): SecretText {
  return SecretText.of(`postgres://${USER}:${password}@127.0.0.1:${port}/${database}`);
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'ENOSPC') return 'the disk is full';
    if (error.code === 'EROFS') return 'the file system is read-only';
    if (error.code === 'EACCES' || error.code === 'EPERM') return 'permission denied';
    if (error.code === 'ENOTDIR' || error.code === 'EEXIST') return 'it is not a directory';
  }
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
