// Starts other programs: captured, streamed with a prefix, or in our place with signals passed on.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { bundledNode, root, toolEnvironment } from './paths.mjs';

// Longer than the limit that the server sets its own stop (25 s in apps/api/src/main.ts).
const STOP_GRACE_MS = 30_000;
// The end of a group's last member may trail the end of its leader.
const GROUP_GRACE_MS = 3_000;

/** A sentence for the person at the keyboard: printed without a stack. */
export class BootstrapError extends Error {}

const wait = (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs));

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    // ESRCH: the group is gone, which is what we want.
    return false;
  }
}

/** Ends what a finished program left running in its process group. Returns whether there was anything. */
async function endGroup(pid) {
  const deadline = Date.now() + GROUP_GRACE_MS;
  while (signalGroup(pid, 0)) {
    if (Date.now() > deadline) {
      signalGroup(pid, 'SIGKILL');
      return true;
    }
    await wait(100);
  }
  return false;
}

const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);

// How soon an orphan notices; a person who killed npm looks for leftovers after a second or more.
const PARENT_POLL_MS = 500;

/** Calls `stop` when npm, which started us, is gone without a signal having reached us. */
function watchParent(stop) {
  // Started by hand we may well outlive the shell: that is what nohup is for.
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => process.ppid !== parent && stop('SIGTERM'), PARENT_POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

let isInterrupted = false;

/** Whether we were asked to stop: what runs ends, and nothing new may start. */
export const wasInterrupted = () => isInterrupted;

/**
 * Passes SIGINT, SIGTERM and SIGHUP on to a program in a process group of its own. A terminal sends Ctrl-C to
 * every process of the foreground group and npm sends it once more; the program gets it exactly once.
 */
function forwardSignals(child) {
  let isStopping = false;
  const stop = (signal) => {
    if (isStopping) return;
    isStopping = true;
    isInterrupted = true;
    signalGroup(child.pid, signal === 'SIGHUP' ? 'SIGTERM' : signal);
    setTimeout(() => signalGroup(child.pid, 'SIGKILL'), STOP_GRACE_MS).unref();
  };
  const listeners = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => [name, () => stop(name)]);
  for (const [name, listener] of listeners) process.on(name, listener);
  const unwatch = watchParent(stop);
  return () => {
    unwatch();
    for (const [name, listener] of listeners) process.off(name, listener);
  };
}

/** Runs a program to its end with our terminal; resolves to its exit code and leaves nothing of it behind. */
export function runInForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: toolEnvironment(),
      ...options,
      stdio: 'inherit',
      detached: true,
    });
    const release = forwardSignals(child);
    child.on('error', reject);
    child.on('exit', async (code, signal) => {
      await endGroup(child.pid);
      release();
      resolve(exitCode(code, signal));
    });
  });
}

/** Runs a file on Node 24 in our place. */
export const runOnBundledNode = (file, args = [], options = {}) =>
  runInForeground(bundledNode, ['--enable-source-maps', file, ...args], options);

function collectLines(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => rest && onLine(rest));
}

/** Runs a program to its end and hands over its output line by line. */
export function runLines(command, args, onLine, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: toolEnvironment(),
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const release = forwardSignals(child);
    collectLines(child.stdout, onLine);
    collectLines(child.stderr, onLine);
    child.on('error', reject);
    // 'exit', not 'close': a program that outlives its parent would hold the pipes open for ever.
    child.on('exit', async (code, signal) => {
      const leftProcesses = await endGroup(child.pid);
      release();
      resolve({ code: exitCode(code, signal), leftProcesses });
    });
  });
}

/** Runs a program quietly; on failure throws a sentence followed by everything it printed. */
export async function runQuietly(command, args, failure, options = {}) {
  const lines = [];
  const { code } = await runLines(command, args, (line) => lines.push(line), options);
  // Some programs end with code 0 when they are interrupted, with their work half done.
  if (isInterrupted) throw new BootstrapError('Stopped before the end.');
  if (code !== 0) throw new BootstrapError(`${lines.join('\n')}\n\n${failure} (exit code ${code})`);
  return lines.join('\n');
}

/** The last frame of every script: exit code, and a sentence instead of a stack for what people can mend. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    console.error(error instanceof BootstrapError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
