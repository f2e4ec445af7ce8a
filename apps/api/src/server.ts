/**
 * One running server: database, application, console. `main.ts` starts it for people, tests start it
 * to see how a start behaves.
 */
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { type Env, tellConsole } from './config/env.js';
import type { Log } from './config/log.js';
import { findMasterKey } from './config/master-key.js';
import { Database } from './database/database.js';
import { type OpenedDatabase, openDatabase } from './database/open-database.js';
import { createApplication } from './http/application.js';
import { ensureBasics, type FirstStart } from './http/first-start.js';
import { hasInstallation, openInstallation } from './sealing/installation.js';

export interface RunningServer extends FirstStart {
  readonly url: string;
  readonly app: NestFastifyApplication;
  stop(): Promise<void>;
}

export async function startServer(env: Env, log: Log): Promise<RunningServer> {
  // Next takes most of the start: it loads while Postgres starts.
  const consoleReady = env.console ? loadConsole(env.port) : undefined;
  consoleReady?.catch(() => undefined); // awaited below; a failing database must be reported first
  const database = await openDatabase(env);
  for (const name of database.appliedMigrations) log.info({ migration: name }, 'migration applied');
  try {
    return await startApplication(env, log, database, consoleReady);
  } catch (error) {
    await database.stop();
    throw error;
  }
}

type ConsoleReady = ReturnType<typeof loadConsole>;

async function startApplication(
  env: Env,
  log: Log,
  database: OpenedDatabase,
  consoleReady: ConsoleReady | undefined,
): Promise<RunningServer> {
  const { connectionString } = database;
  const opened = await openKeys(env, connectionString);
  const app = await createApplication({ env, log, connectionString, opened });
  try {
    await app.init();
    const basics = await ensureBasics(app, env);
    const loaded = await consoleReady;
    const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance; // Nest types it by its own options
    if (loaded !== undefined)
      await loaded.handOverPages(server, loaded.next, env.publicUrl?.startsWith('https:') === true);
    await app.listen(env.port, env.host);
    const url = listeningUrl(server.server.address(), env.host);
    tellConsole(url);
    const stop = async () => {
      await app.close();
      await loaded?.next.close();
      await database.stop();
    };
    return { ...basics, url: env.publicUrl ?? url, app, stop };
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}

/** Loaded on demand: an API-only replica never reads Next's code. */
async function loadConsole(port: number) {
  const { handOverPages, prepareConsole } = await import('./console/console.js');
  return { handOverPages, next: await prepareConsole(port) };
}

/** Opens the installation with a short-lived connection, before anything else uses the key. */
async function openKeys(env: Env, connectionString: string) {
  const database = new Database({ connectionString, maxConnections: 1 }, pino({ level: 'silent' }));
  try {
    const current = await findMasterKey(env, await hasInstallation(database));
    return await openInstallation(database, { current, previous: env.masterKeyPrevious });
  } finally {
    await database.onApplicationShutdown();
  }
}

function listeningUrl(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const any = host === '0.0.0.0' || host === '::';
  const name = any ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
