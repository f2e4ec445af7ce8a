/**
 * The floor writer's own process: the same writes as the product's, with pooled TLS connections,
 * pipelined prebuilt requests, no cache and no database. It is told what to do by messages; the
 * clock starts when everything is built and every connection is open.
 */
import { buildRequests, type FloorJob, type FloorServer } from './floor-requests.js';
import { PipelinedConnection } from './pipelined-connection.js';

export type FloorCommand =
  | { readonly kind: 'prepare'; readonly server: FloorServer; readonly job: FloorJob }
  | { readonly kind: 'go' };

export type FloorMessage =
  | { readonly kind: 'prepared' }
  | { readonly kind: 'done'; readonly durationMs: number; readonly refused: readonly number[] }
  | { readonly kind: 'failed'; readonly reason: string };

interface Prepared {
  readonly requests: readonly Buffer[];
  readonly connections: readonly PipelinedConnection[];
  readonly depth: number;
}

let prepared: Prepared | undefined;

async function prepare(server: FloorServer, job: FloorJob): Promise<void> {
  const { host, port, caCertificate } = server;
  const open = () => PipelinedConnection.open({ host, port, caCertificate }, fail);
  const connections = await Promise.all(Array.from({ length: job.connections }, open));
  prepared = { requests: buildRequests(server, job), connections, depth: job.depth };
  say({ kind: 'prepared' });
}

function go({ requests, connections, depth }: Prepared): void {
  const startedAt = performance.now();
  const refused: number[] = [];
  let next = 0;
  let answered = 0;
  const feed = (connection: PipelinedConnection) => {
    const request = requests[next];
    if (request === undefined) return;
    next += 1;
    connection.send(request, (status) => {
      if (status >= 300) refused.push(status);
      answered += 1;
      if (answered < requests.length) return feed(connection);
      for (const each of connections) each.close();
      say({ kind: 'done', durationMs: performance.now() - startedAt, refused });
    });
  };
  for (let round = 0; round < depth; round += 1) for (const each of connections) feed(each);
}

function say(message: FloorMessage): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
}

process.on('message', (command: FloorCommand) => {
  if (command.kind === 'prepare') prepare(command.server, command.job).catch(fail);
  else if (prepared !== undefined) go(prepared);
});
process.on('disconnect', () => process.exit(0));
