/**
 * A program that the testbed runs: its output goes to a file, it can be frozen, and it never
 * outlives this process. Three nets catch it: `stop()`, an exit hook, and (on Linux, for the case
 * that this process is killed outright) the kernel's parent-death signal, set by `setpriv`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** What asks the program to end; Postgres wants SIGINT for a fast shutdown. */
  readonly stopSignal?: NodeJS.Signals;
}

export interface Program {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  isRunning(): boolean;
  /** Asks it to end, and after the grace period ends it. Safe to call again. */
  stop(graceMs?: number): Promise<void>;
  kill(): Promise<void>;
  /** SIGSTOP: the program answers nothing, its connections stay open. */
  freeze(): void;
  thaw(): void;
  /** The end of its output, for an error message. */
  logTail(): string;
}

const running = new Set<ChildProcess>();
let hooked = false;

export function startProgram(options: ProgramOptions): Program {
  hookExit();
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawnQuietly(options, log);
  closeSync(log);
  running.add(child);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
    child.once('error', () => {
      running.delete(child);
      resolve();
    });
  });
  return programOf(options, child, exited);
}

function spawnQuietly(options: ProgramOptions, log: number): ChildProcess {
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  const identity =
    options.uid === undefined || options.gid === undefined
      ? {}
      : { uid: options.uid, gid: options.gid };
  const command = setpriv ?? options.command;
  const death = stopSignal === 'SIGINT' ? 'INT' : 'KILL';
  const args = setpriv
    ? ['--pdeathsig', death, '--', options.command, ...options.args]
    : options.args;
  return spawn(command, [...args], {
    stdio: ['ignore', log, log],
    cwd: options.directory,
    env: { ...process.env, ...options.environment },
    // Its own process group: Ctrl-C in the terminal reaches this process first, which then stops
    // its parts in order.
    detached: true,
    ...identity,
  });
}

function programOf(options: ProgramOptions, child: ChildProcess, exited: Promise<void>): Program {
  const isRunning = () =>
    child.exitCode === null && child.signalCode === null && running.has(child);
  const kill = async () => {
    if (isRunning()) child.kill('SIGKILL');
    await exited;
  };
  return {
    name: options.name,
    pid: child.pid ?? -1,
    logFile: options.logFile,
    isRunning,
    kill,
    async stop(graceMs = 5_000) {
      if (!isRunning()) return;
      child.kill('SIGCONT');
      child.kill(options.stopSignal ?? 'SIGTERM');
      await Promise.race([exited, delay(graceMs, undefined, { ref: false })]);
      await kill();
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    logTail: () => logTail(options.logFile),
  };
}

export function logTail(file: string): string {
  if (!existsSync(file)) return '(no output)';
  return readFileSync(file, 'utf8').slice(-2_000);
}

export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/sbin',
    '/usr/local/go/bin',
  ];
  for (const folder of folders) {
    const candidate = join(folder, name);
    if (folder !== '' && existsSync(candidate)) return candidate;
  }
  return undefined;
}

export interface ReadinessOptions {
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/** Asks until the answer is yes; a program that ends meanwhile, or never gets ready, is an error. */
export async function waitUntilReady(
  program: Program,
  isReady: () => Promise<boolean>,
  options: ReadinessOptions,
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  while (performance.now() < deadline) {
    if (!program.isRunning()) {
      throw new Error(
        `${program.name} ended while starting (log: ${program.logFile})\n${program.logTail()}`,
      );
    }
    if (await isReady().catch(() => false)) return;
    await delay(options.intervalMs ?? 50);
  }
  await program.kill();
  throw new Error(
    `${program.name} was not ready after ${options.timeoutMs} ms (log: ${program.logFile})\n${program.logTail()}`,
  );
}

function hookExit(): void {
  if (hooked) return;
  hooked = true;
  process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL');
  });
}
