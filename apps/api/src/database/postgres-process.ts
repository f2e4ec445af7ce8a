/** Starts and stops one of Postgres' programs in its place, as the right user, with its words in a log file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { programEnvironment } from '../config/env.js';
import type { PostgresPrograms } from './postgres-binaries.js';
import { launchAs, type PostgresUser } from './postgres-user.js';

const STOP_TIMEOUT_MS = 20_000; // a fast shutdown writes a checkpoint
const INIT_TIMEOUT_MS = 120_000; // about a second; a slow disk may need more
const POLL_MS = 25;

/** Where one embedded Postgres lives. */
export interface Place {
  readonly cluster: string;
  readonly settings: string;
  readonly libraries: string;
  readonly log: string;
  readonly user: PostgresUser | undefined;
  readonly programs: PostgresPrograms;
}

export async function spawnProgram(
  place: Place,
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<ChildProcess> {
  const launched = await launchAs(place.user, program, args, [program, join(place.cluster, 'x')]);
  const log = await open(place.log, 'w', 0o600);
  try {
    // Detached: Ctrl-C in the terminal reaches only us, and we stop it in order.
    const child = spawn(launched.command, launched.args, {
      ...launched.ids,
      cwd: place.cluster,
      detached: true,
      env: { ...programEnvironment(), LC_ALL: 'C', TZ: 'UTC', ...environment },
      stdio: ['ignore', log.fd, log.fd],
    });
    child.on('error', () => undefined); // seen as an exit without a code by who waits
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

export async function runToEnd(
  place: Place,
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<void> {
  const child = await spawnProgram(place, program, args, environment);
  child.ref();
  const code = await new Promise<number | null>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), INIT_TIMEOUT_MS);
    child.on('error', () => resolve(-1));
    child.on('exit', (exitCode) => {
      clearTimeout(timer);
      resolve(exitCode);
    });
  });
  if (code !== 0)
    throw new Error(`The embedded Postgres could not be initialised: ${await lastLogLine(place)}`);
}

/** SIGINT is Postgres' fast shutdown: it rolls back what is open and ends cleanly. */
export async function stopProcess(pid: number | undefined, alive: () => boolean): Promise<void> {
  if (pid === undefined || !alive()) return;
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (alive() && performance.now() < deadline) await delay(POLL_MS);
  if (alive()) process.kill(pid, 'SIGQUIT'); // immediate: recovers from its log at the next start
}

export async function lastLogLine(place: Place): Promise<string> {
  const lines = (await readFile(place.log, 'utf8').catch(() => '')).trim().split('\n');
  const line =
    lines.findLast((text) => /FATAL|error|PANIC|cannot|could not/i.test(text)) ??
    lines.at(-1) ??
    '';
  return `${line.replace(/^.*?(FATAL|PANIC|ERROR|error): +/, '').slice(0, 300)} (${place.log})`;
}
