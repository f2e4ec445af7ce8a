/**
 * What the automation script talks to: the built server as a process of its own where the test run
 * has just built it (`scripts/test.mjs` says so), else the same application in this process.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createClient, endpoints, type Permission } from '@moorage/contract';
import { inject } from 'vitest';
import { buildAdmin, PASSWORD } from './factories.js';
import { createDatabase, signIn, startHarness } from './harness.js';

export interface Product {
  readonly url: string;
  readonly apiKey: string;
  close(): Promise<void>;
  /** Without a chance to give anything back, as far as a process of its own was started. */
  kill(): Promise<void>;
}

interface Started {
  readonly origin: string;
  readonly username: string;
  close(): Promise<void>;
  kill(): Promise<void>;
}

/** With an API key of an administrator, made as the console makes it. */
export async function startProduct(permissions: readonly Permission[]): Promise<Product> {
  const builtServer = process.env.MOORAGE_BUILT_SERVER;
  const { origin, username, close, kill } = await (builtServer === undefined
    ? startInside()
    : startProcess(builtServer));
  try {
    const headers = await signIn({ origin }, username, PASSWORD);
    const client = createClient({ baseUrl: `${origin}/api/v1`, headers });
    const { key } = await client(endpoints.createApiKey, {
      body: { name: 'automation', permissions: [...permissions] },
    });
    return { url: origin, apiKey: key, close, kill };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startInside(): Promise<Started> {
  const harness = await startHarness();
  const { username } = await buildAdmin(harness);
  const close = () => harness.close();
  return { origin: harness.origin, username, close, kill: close };
}

async function startProcess(program: string): Promise<Started> {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: await createDatabase(inject('postgresUrl')),
      MOORAGE_MASTER_KEY: randomBytes(32).toString('base64'),
      MOORAGE_ADMIN_PASSWORD: PASSWORD,
      MOORAGE_CONSOLE: 'off',
      MOORAGE_ALLOWED_NETWORKS: '127.0.0.0/8',
      LOG_LEVEL: 'error',
    },
  });
  const exited = once(child, 'exit');
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await exited;
  };
  const close = () => end('SIGTERM');
  const origin = await new Promise<string>((resolve, reject) => {
    // Goes on reading: a full pipe would stop the server.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^Moorage is ready at (\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error('The server ended before it was ready')));
  });
  return { origin, username: 'admin', close, kill: () => end('SIGKILL') };
}
