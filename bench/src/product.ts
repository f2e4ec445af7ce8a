/**
 * The product as people run it: `apps/api/dist/main.js` in a process of its own on a free port,
 * asked over HTTP with the session of its administrator.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '@moorage/contract/client';

export const checkout = fileURLToPath(new URL('../..', import.meta.url));

export interface ProductOptions {
  /** An outside Postgres; undefined = the embedded one in the data directory. */
  readonly databaseUrl?: string;
  readonly console?: 'on' | 'off';
  readonly dataDirectory?: string;
  /** Keys must be the same when the same database is opened again. */
  readonly masterKey?: string;
  /** For `--cpu-prof` and its like. */
  readonly nodeFlags?: readonly string[];
}

export interface Product {
  readonly url: string;
  readonly pid: number;
  readonly call: Client;
  readonly cookie: string;
  readonly masterKey: string;
  /** From the start of the process to the line that says where it is. */
  readonly startMs: number;
  stop(): Promise<void>;
}

const password = 'bench-administrator';
const startTimeoutMs = 120_000;
const stopGraceMs = 30_000;

export async function startProduct(options: ProductOptions): Promise<Product> {
  const masterKey = options.masterKey ?? randomBytes(32).toString('base64');
  const ownDirectory = options.dataDirectory === undefined;
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'moorage-bench-'));
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [...(options.nodeFlags ?? profileFlags()), join(productRoot(), 'apps/api/dist/main.js')],
    {
      cwd: productRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environmentOf(options, dataDirectory, masterKey) },
    },
  );
  const endWithUs = () => child.kill('SIGKILL');
  process.on('exit', endWithUs);
  const stop = async () => {
    await endProcess(child);
    process.off('exit', endWithUs);
    if (ownDirectory) rmSync(dataDirectory, { recursive: true, force: true });
  };
  try {
    const url = await readyUrl(child);
    const startMs = performance.now() - startedAt;
    const cookie = await signIn(url);
    const call = createClient({ baseUrl: `${url}/api/v1`, headers: { cookie } });
    return { url, pid: child.pid ?? 0, call, cookie, masterKey, startMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Another checkout of the product can be measured with the same benchmarks. */
export function productRoot(): string {
  return process.env.MOORAGE_BENCH_PRODUCT ?? checkout;
}

/** MOORAGE_BENCH_PROFILE=<folder>: the product writes a CPU profile there when it ends. */
function profileFlags(): readonly string[] {
  const folder = process.env.MOORAGE_BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

function environmentOf(
  options: ProductOptions,
  dataDirectory: string,
  masterKey: string,
): Readonly<Record<string, string>> {
  return {
    PORT: '0',
    HOST: '127.0.0.1',
    NODE_ENV: 'production',
    MOORAGE_DATA_DIR: dataDirectory,
    DATABASE_URL: options.databaseUrl ?? '',
    MOORAGE_MASTER_KEY: options.databaseUrl === undefined ? '' : masterKey,
    MOORAGE_MASTER_KEY_PREVIOUS: '',
    MOORAGE_ADMIN_PASSWORD: password,
    MOORAGE_DEMO: 'off',
    MOORAGE_CONSOLE: options.console ?? 'off',
    MOORAGE_ALLOWED_NETWORKS: '127.0.0.0/8',
    MOORAGE_PUBLIC_URL: '',
    LOG_LEVEL: 'info',
  };
}

/** Reads the output until the ready line, then throws the rest away (a full pipe would block it). */
function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string) => reject(new Error(`${reason}\n${output.slice(-2_000)}`));
    const timer = setTimeout(() => fail('the product was not ready in time'), startTimeoutMs);
    let isReady = false;
    const read = (chunk: Buffer) => {
      if (isReady) return;
      output += chunk.toString('utf8');
      const [, url] = /^Moorage is ready at (\S+)$/m.exec(output) ?? [];
      if (url === undefined) return;
      isReady = true;
      output = '';
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', (chunk: Buffer) => {
      read(chunk);
      if (isReady) process.stderr.write(chunk);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`the product ended with code ${code}`);
    });
  });
}

async function signIn(url: string): Promise<string> {
  const reply = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
    signal: AbortSignal.timeout(30_000),
  });
  const cookie = reply.headers.get('set-cookie')?.split(';')[0];
  if (reply.status !== 204 || cookie === undefined)
    throw new Error(`signing in answered ${reply.status}: ${await reply.text()}`);
  return cookie;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
  await ended;
  clearTimeout(timer);
}
