/**
 * What the API is compared with: Fastify and `pg` alone, sending the same SQL. Reading, it checks
 * the session like the product and returns the rows; writing, it inserts the same rows in one
 * transaction. No validation, no sealing, no permissions, no audit text to build, no log.
 */
import { createHash, randomUUID } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import type { Statement } from './statement-capture.js';

export interface BareServerSettings {
  readonly readsFrom: string;
  /** A copy of the database that the product does not know: nothing follows its inserts. */
  readonly insertsInto: string;
  /** Sent one after the other for a list; the rows of the last are the answer. */
  readonly reads: readonly Statement[];
  /** Sent in one transaction for a new registry. */
  readonly inserts: readonly Statement[];
  /** Parts of the captured values that every new registry has of its own. */
  readonly sample: { readonly address: string; readonly ids: readonly string[] };
}

export type BareServerMessage =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly reason: string };

async function serve(settings: BareServerSettings): Promise<number> {
  const open = (connectionString: string) => new pg.Pool({ connectionString, max: 10 });
  const [reading, writing] = [open(settings.readsFrom), open(settings.insertsInto)];
  const app = fastify();
  app.get('/registries', async (request, reply) => {
    const token = /moorage-session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const rows = await readList(reading, settings.reads, token);
    if (rows === null) return reply.code(401).send();
    return { items: rows.slice(0, 50), nextCursor: null, total: rows[0]?.pageTotal };
  });
  app.post<{ Body: { address: string } }>('/registries', async (request, reply) => {
    await insertAll(writing, settings, request.body.address);
    return reply.code(201).send({ address: request.body.address });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

interface ListedRow {
  readonly pageTotal?: number;
}

/** Null = no session of that token. */
async function readList(pool: pg.Pool, reads: readonly Statement[], token: string) {
  let rows: ListedRow[] = [];
  const hash = `\\x${createHash('sha256').update(token).digest('hex')}`;
  for (const [at, { text, values }] of reads.entries()) {
    const own = at === 0 ? [hash, ...values.slice(1)] : [...values];
    const result = await pool.query<ListedRow>({ name: `read-${at}`, text, values: own });
    rows = result.rows;
    if (rows.length === 0) return null;
  }
  return rows;
}

async function insertAll(pool: pg.Pool, settings: BareServerSettings, address: string) {
  const { sample, inserts } = settings;
  const changes: readonly (readonly [string, string])[] = [
    [sample.address, address],
    ...sample.ids.map((id) => [id, randomUUID()] as const),
  ];
  const own = (value: string | null) =>
    changes.reduce((text, [from, to]) => text?.replaceAll(from, to) ?? null, value);
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const [at, { text, values }] of inserts.entries())
      await client.query({ name: `insert-${at}`, text, values: values.map(own) });
    await client.query('commit');
  } finally {
    client.release();
  }
}

function say(message: BareServerMessage): void {
  process.send?.(message);
}

process.once('message', (settings: BareServerSettings) => {
  serve(settings).then(
    (port) => say({ kind: 'listening', port }),
    (error: unknown) => say({ kind: 'failed', reason: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
