/**
 * The stage of the API's benchmarks: the product and a bare server on one Postgres, 5,000
 * registries with a login each, and one target with 2,000 namespaces so that status has to be
 * counted. Rows go in by SQL, because 5,000 requests would measure nothing.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { type Postgres, startPostgres } from '@moorage/testbed';
import pg from 'pg';
import type { BareServerMessage, BareServerSettings } from './bare-server-process.js';
import { type Product, startProduct } from './product.js';
import { captureStatements, type Statement } from './statement-capture.js';

export interface BareServer {
  readonly port: number;
  readonly pid: number;
  stop(): void;
}

const listPath = '/api/v1/environments/default/registries';
const createPath = listPath;

export class ApiStage {
  #turn = 0;

  private constructor(
    readonly postgres: Postgres,
    readonly databaseUrls: readonly string[],
    readonly product: Product,
    readonly bare: BareServer,
  ) {}

  static async open(registries: number): Promise<ApiStage> {
    const postgres = await startPostgres();
    try {
      const databaseUrl = await postgres.createDatabase();
      const first = await startProduct({ databaseUrl });
      await seed(databaseUrl, registries);
      const reads = await captureReads(postgres, first);
      const captured = await captureInserts(postgres, first);
      await first.stop();
      const insertsInto = await copyDatabase(postgres.url, databaseUrl);
      const { masterKey } = first;
      const product = await startProduct({ databaseUrl, masterKey });
      const bare = await startBareServer({
        readsFrom: databaseUrl,
        insertsInto,
        reads,
        ...captured,
      });
      return new ApiStage(postgres, [databaseUrl, insertsInto], product, bare);
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.bare.stop();
    await this.product.stop();
    await this.postgres.stop();
  }

  get productPort(): number {
    return Number(new URL(this.product.url).port);
  }

  listRequest(of: 'product' | 'bare'): Buffer {
    const path = of === 'product' ? `${listPath}?limit=50` : '/registries';
    return buildRequest('GET', path, this.product.cookie, undefined);
  }

  /** A registry with a login, at an address that nobody has used. */
  createRequest(of: 'product' | 'bare'): Buffer {
    this.#turn += 1;
    const path = of === 'product' ? createPath : '/registries';
    return buildRequest('POST', path, this.product.cookie, newRegistry(`made-${this.#turn}-${of}`));
  }

  /** In the product's database and in that of the bare server. */
  async countRegistries(): Promise<number> {
    const text = 'select count(*)::int as count from registries';
    const counts = await Promise.all(
      this.databaseUrls.map((url) => query<{ count: number }>(url, text)),
    );
    return counts.flat().reduce((sum, { count }) => sum + count, 0);
  }
}

/** Nobody may be connected to the original meanwhile. */
async function copyDatabase(serverUrl: string, databaseUrl: string): Promise<string> {
  const original = new URL(databaseUrl).pathname.slice(1);
  const copy = `${original}_copy`;
  await query(serverUrl, `create database ${copy} template ${original}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${copy}`;
  return url.toString();
}

function newRegistry(name: string) {
  const credential = { username: 'robot', password: 'bench-password' };
  return { address: `${name}.bench.example`, name: 'Bench', credential };
}

function buildRequest(method: string, path: string, cookie: string, body: unknown): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Cookie: ${cookie}`,
    'Accept: application/json',
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`, 'utf8');
}

async function seed(databaseUrl: string, registries: number): Promise<void> {
  await query(
    databaseUrl,
    `with made as (
       insert into registries (id, environment_id, address, provider, name)
       select gen_random_uuid(), e.id, 'seed-' || n || '.bench.example', 'generic', 'Seed ' || n
       from environments e, generate_series(1, $1::int) n where e.name = 'default'
       returning id, environment_id)
     insert into credentials (id, registry_id, environment_id, username, secret_sealed,
       secret_key_id, secret_fingerprint, created_by_name)
     select gen_random_uuid(), id, environment_id, 'robot', decode(repeat('00', 160), 'hex'),
       'bench', decode(repeat('00', 32), 'hex'), 'bench' from made`,
    [registries],
  );
  // A lease of somebody else keeps the product's sync away from a cluster that is not there.
  await query(
    databaseUrl,
    `with held as (
       insert into clusters (id, name, server, access_kind, lease_holder, lease_until)
       values (gen_random_uuid(), 'seeded', 'https://127.0.0.1:1', 'token', 'bench', now() + interval '1 day')
       returning id),
     target as (
       insert into targets (id, environment_id, cluster_id, secret_name)
       select gen_random_uuid(), e.id, held.id, 'seeded' from environments e, held
       where e.name = 'default' returning id)
     insert into target_namespaces (target_id, namespace, state)
     select target.id, 'bench-' || n, 'in-sync' from target, generate_series(1, 2000) n`,
  );
  await query(databaseUrl, 'analyze');
}

/** What one list page asks of the database, without noting when the session was last used. */
async function captureReads(postgres: Postgres, product: Product): Promise<readonly Statement[]> {
  const reply: { status?: number } = {};
  const seen = await captureStatements(postgres, async () => {
    const { status } = await fetch(`${product.url}${listPath}?limit=50`, {
      headers: { cookie: product.cookie },
    });
    reply.status = status;
  });
  if (reply.status !== 200) throw new Error(`the list answered ${reply.status}`);
  const first = seen.findIndex(({ text }) => /from sessions/.test(text) && /^select/.test(text));
  const last = seen.findIndex(({ text }) => /from registries/.test(text));
  const reads = seen
    .slice(first, last + 1)
    .filter(({ text }) => /^select/.test(text) && /sessions|environments|registries/.test(text));
  if (first < 0 || last < 0) throw new Error('the statements of a list were not recognised');
  return reads;
}

/** The rows that a new registry with its login leaves, as the statements that insert them. */
async function captureInserts(
  postgres: Postgres,
  product: Product,
): Promise<Pick<BareServerSettings, 'inserts' | 'sample'>> {
  const body = newRegistry('sample');
  const made: { ids?: readonly string[] } = {};
  const seen = await captureStatements(postgres, async () => {
    const reply = await fetch(`${product.url}${createPath}`, {
      method: 'POST',
      headers: { cookie: product.cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (reply.status !== 201) throw new Error(`creating a registry answered ${reply.status}`);
    // The product's own reply to a create; the ids in it are all that is read.
    const registry = (await reply.json()) as { id: string; effectiveCredentials: { id: string }[] };
    made.ids = [registry.id, ...registry.effectiveCredentials.map(({ id }) => id)];
  });
  const backend = seen.find(({ text }) => /^insert into registries/.test(text))?.backend;
  // An audit entry and its event go in together: `with entry as (insert …) insert …`.
  const isInsert = /^(insert|with \w+ as \(insert)\b/;
  const inserts = seen.filter((each) => each.backend === backend && isInsert.test(each.text));
  const sample = { address: body.address, ids: made.ids ?? [] };
  return { inserts, sample };
}

async function startBareServer(settings: BareServerSettings): Promise<BareServer> {
  const child: ChildProcess = fork(new URL('./bare-server-process.js', import.meta.url), {
    execArgv: [],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const message = await new Promise<BareServerMessage>((resolve, reject) => {
    child.once('message', (received: BareServerMessage) => resolve(received));
    child.once('exit', () => reject(new Error('the bare server ended')));
    child.send(settings);
  });
  if (message.kind === 'failed') throw new Error(`bare server: ${message.reason}`);
  return { port: message.port, pid: child.pid ?? 0, stop: () => child.disconnect() };
}

async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
