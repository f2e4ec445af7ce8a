/** `npm start`: reads the environment, starts the server, says where it is, and ends cleanly. */
import 'reflect-metadata';
import { EnvError, readEnv } from './config/env.js';
import { createLog, type Log } from './config/log.js';
import { EmbeddedPostgresError } from './database/embedded-postgres.js';
import { MigrationError } from './database/migrations.js';
import { DatabaseRefused } from './database/open-database.js';
import { WrongMasterKey } from './sealing/installation.js';
import { type RunningServer, startServer } from './server.js';
import { FIRST_ADMIN } from './users/users.service.js';

/** A stop that hangs longer than this is ended the hard way; Postgres recovers. */
const STOP_TIMEOUT_MS = 25_000;

/** Failures that people can mend: one sentence, no stack. */
const EXPLAINED = [
  EnvError,
  EmbeddedPostgresError,
  MigrationError,
  DatabaseRefused,
  WrongMasterKey,
];

// People read these lines; the log is for machines.
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function explain(error: unknown): string | undefined {
  // by name: the class lives in a file that is loaded on demand
  if (error instanceof Error && error.name === 'ConsoleNotBuilt') return error.message;
  if (EXPLAINED.some((kind) => error instanceof kind) && error instanceof Error)
    return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return 'The port is taken: stop what uses it, or choose another with PORT.';
  if (error instanceof Error && 'code' in error && error.code === 'EACCES')
    return 'HOST or PORT cannot be listened on: permission denied.';
  return undefined;
}

function fail(error: unknown, log: Log | undefined): void {
  const sentence = explain(error);
  if (sentence === undefined)
    (log ?? createLog('error')).fatal({ err: error }, 'The server could not start');
  process.stderr.write(`Moorage cannot start. ${sentence ?? 'See the log line above.'}\n`);
}

function stopOnSignals(server: RunningServer, log: Log): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
}

/** Next swallows these; a process in an unknown state must not go on. */
function exitOnDefects(log: Log): void {
  const exit = (kind: string) => (error: unknown) => {
    log.fatal({ err: error }, kind);
    process.exit(1);
  };
  process.on('uncaughtException', exit('uncaught exception'));
  process.on('unhandledRejection', exit('unhandled rejection'));
}

let log: Log | undefined;
try {
  const env = readEnv();
  log = createLog(env.logLevel);
  const server = await startServer(env, log);
  exitOnDefects(log);
  stopOnSignals(server, log);
  if (server.generatedPassword !== undefined) {
    say(
      `Administrator: ${FIRST_ADMIN}, password: ${server.generatedPassword.reveal()} (shown this once)`,
    );
  }
  say(`Moorage is ready at ${server.url}`);
} catch (error) {
  fail(error, log);
  process.exit(1);
}
