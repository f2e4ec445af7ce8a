/** The built server with its console, as `npm start` runs it: own data folder, own port, real everything. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Only for this throwaway installation. */
export const ADMIN_PASSWORD = 'journey-of-a-harbour-pilot';
const READY = /ready at (http\S+)/;
/** A first start makes a database; on a busy machine that takes its time. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 30_000;

export interface RunningApp {
  readonly url: string;
  stop(): Promise<void>;
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`not ready:\n${output}`)), START_TIMEOUT_MS);
    const onData = (chunk: Buffer) => {
      output += chunk.toString();
      const url = READY.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${output}`)));
  });
}

export async function startApp(): Promise<RunningApp> {
  const data = mkdtempSync(join(tmpdir(), 'moorage-e2e-'));
  const root = join(import.meta.dirname, '..', '..', '..');
  const child = spawn(process.execPath, [join(root, 'apps/api/dist/main.js')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'error',
      MOORAGE_DATA_DIR: data,
      MOORAGE_ADMIN_PASSWORD: ADMIN_PASSWORD,
      // The cluster of the journey listens here.
      MOORAGE_ALLOWED_NETWORKS: '127.0.0.0/8',
    },
  });
  const url = await readyUrl(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(kill);
      rmSync(data, { recursive: true, force: true });
    },
  };
}
