/** U1: from a clean clone to a working console, and the second start, typed as people type them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Benchmark, Finding } from './finding.js';
import { checkout } from './product.js';
import { median } from './statistics.js';

const cloneLimitMs = 240_000;
const secondLimitMs = 3_000;
const startTimeoutMs = 900_000;
const stopGraceMs = 40_000;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export const startUpBenchmark: Benchmark = {
  goals: ['U1'],
  async run({ full, isNamed }) {
    const findings = [await measureSecondStart(full ? 5 : 3)];
    // Minutes of installing and building: only for those who ask for it.
    if (full || isNamed) findings.unshift(await measureClone());
    return findings;
  },
};

async function measureSecondStart(starts: number): Promise<Finding> {
  const directory = mkdtempSync(join(tmpdir(), 'moorage-bench-start-'));
  try {
    await timeStart(checkout, directory);
    const times: number[] = [];
    for (let round = 0; round < starts; round += 1)
      times.push(await timeStart(checkout, directory));
    return {
      goal: 'U1',
      what: 'second `npm start` to the ready line',
      limit: `≤ ${seconds(secondLimitMs)}`,
      figure: seconds(median(times)),
      isMet: median(times) <= secondLimitMs,
      sizes: `median of ${starts}`,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureClone(): Promise<Finding> {
  const directory = mkdtempSync(join(tmpdir(), 'moorage-bench-clone-'));
  try {
    const clone = join(directory, 'moorage');
    const startedAt = performance.now();
    await promisify(execFile)('git', ['clone', '--quiet', checkout, clone]);
    await timeStart(clone, join(directory, 'data'));
    const elapsedMs = performance.now() - startedAt - lastStopMs;
    return {
      goal: 'U1',
      what: 'clean clone: `git clone`, `npm start` to the ready line',
      limit: `≤ ${seconds(cloneLimitMs)}`,
      figure: seconds(elapsedMs),
      isMet: elapsedMs <= cloneLimitMs,
      sizes: 'one clone, packages from the registry or its cache',
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

let lastStopMs = 0;

/** Milliseconds to the ready line; the server is stopped again before this answers. */
async function timeStart(directory: string, dataDirectory: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...startEnvironment(dataDirectory) },
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.on('exit', endWithUs);
  try {
    await readyLine(child);
    return performance.now() - startedAt;
  } finally {
    const stoppedAt = performance.now();
    await end(child);
    process.off('exit', endWithUs);
    lastStopMs = performance.now() - stoppedAt;
  }
}

/** As for somebody who has set nothing, but for the port and the place of the data. */
function startEnvironment(dataDirectory: string): Readonly<Record<string, string>> {
  return {
    PORT: '0',
    HOST: '',
    MOORAGE_DATA_DIR: dataDirectory,
    DATABASE_URL: '',
    MOORAGE_MASTER_KEY: '',
    MOORAGE_CONSOLE: '',
    MOORAGE_DEMO: '',
    LOG_LEVEL: '',
  };
}

function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string) => reject(new Error(`${reason}\n${output.slice(-2_000)}`));
    const timer = setTimeout(() => fail('npm start was not ready in time'), startTimeoutMs);
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
      if (!/^Moorage is ready at /m.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`npm start ended with code ${code}`);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
  await ended;
  clearTimeout(timer);
}
