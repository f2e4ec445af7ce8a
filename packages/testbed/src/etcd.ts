/** A single etcd member without fsync: the store of one or several test clusters. */
import { join } from 'node:path';
import { findProgram, startProgram, waitUntilReady } from './child-process.js';
import { freePort } from './free-port.js';
import { createTemporaryDirectory } from './temporary-directory.js';

export interface Etcd {
  readonly url: string;
  readonly logFile: string;
  /** Forgets the history before now, as etcd does every five minutes on the API server's request. */
  compact(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export async function startEtcd(): Promise<Etcd> {
  const directory = createTemporaryDirectory('etcd');
  const [clientPort, peerPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${clientPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const program = startProgram({
    name: 'etcd',
    command: findProgram('etcd') ?? 'etcd',
    args: [
      ...['--name', 'testbed', '--data-dir', join(directory.path, 'data'), '--unsafe-no-fsync'],
      ...['--listen-client-urls', url, '--advertise-client-urls', url],
      ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
      ...['--initial-cluster', `testbed=${peerUrl}`, '--log-level', 'warn'],
      // Benchmarks of thousands of namespaces and rotations fit; etcd's own default is 2 GiB.
      ...['--quota-backend-bytes', String(4 * 1024 ** 3)],
    ],
    logFile: join(directory.path, 'etcd.log'),
  });
  const isHealthy = async () => {
    const reply = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) });
    return (await reply.text()).includes('true');
  };
  await waitUntilReady(program, isHealthy, { timeoutMs: 30_000 });
  return {
    url,
    logFile: program.logFile,
    compact: () => compact(url),
    freeze: program.freeze,
    thaw: program.thaw,
    async stop() {
      await program.stop();
      await directory.remove();
    },
  };
}

/** Through etcd's JSON gateway; the reply to any request carries the present revision. */
async function compact(url: string): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  const post = (path: string, body: unknown) =>
    fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body), signal });
  const range = await post('/v3/kv/range', { key: Buffer.from('/').toString('base64'), limit: 1 });
  // The gateway's fixed reply shape, with 64-bit numbers as text.
  const { header } = (await range.json()) as { header: { revision: string } };
  const reply = await post('/v3/kv/compaction', { revision: header.revision, physical: true });
  if (!reply.ok) throw new Error(`etcd did not compact: ${await reply.text()}`);
}
