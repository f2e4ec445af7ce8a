/**
 * W1: what a browser fetches before a page of the console works. Every route of the built console
 * is asked from the running product; scripts and style sheets are those that its HTML names, in
 * tags and in the streamed component tree, each once. What browsers of today do not fetch
 * (`nomodule`) does not count, nor does what only a click loads.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { endpoints } from '@moorage/contract';
import { hasParts, startPostgres } from '@moorage/testbed';
import { type Benchmark, type Finding, notMeasured, type RunOptions } from './finding.js';
import { type Product, productRoot, startProduct } from './product.js';

const kilobyte = 1000;
const pageLimitKb = 240;
const sharedLimitKb = 120;

export const firstLoadBenchmark: Benchmark = {
  goals: ['W1'],
  async run(options) {
    const routes = consoleRoutes();
    if (routes === null) return notMeasured(['W1'], 'the console is not built');
    if (!hasParts('postgres')) return notMeasured(['W1'], 'parts are missing, see above');
    const postgres = await startPostgres();
    try {
      const databaseUrl = await postgres.createDatabase();
      const product = await startProduct({ databaseUrl, console: 'on' });
      try {
        return describe(await measureRoutes(product, routes, options));
      } finally {
        await product.stop();
      }
    } finally {
      await postgres.stop();
    }
  },
};

/** The page routes that the build made, e.g. `/e/[env]/registries`. */
function consoleRoutes(): readonly string[] | null {
  const file = join(productRoot(), 'apps/console/.next/app-path-routes-manifest.json');
  if (!existsSync(file)) return null;
  // Next's own build manifest: source path → route.
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const pages = Object.entries(manifest).filter(([source]) => source.endsWith('/page'));
  return pages
    .map(([, route]) => route)
    .filter((route) => !route.startsWith('/_'))
    .sort();
}

interface Measured {
  readonly route: string;
  /** Path → gzip bytes. */
  readonly files: ReadonlyMap<string, number>;
}

async function measureRoutes(
  product: Product,
  routes: readonly string[],
  { progress }: RunOptions,
): Promise<readonly Measured[]> {
  const ids = await makeObjects(product);
  const sizes = new Map<string, number>();
  const measured: Measured[] = [];
  for (const route of routes) {
    const path = route.replace(/\[(\w+)\]/g, (_, name: string) => ids[name] ?? `[${name}]`);
    if (path.includes('[')) throw new Error(`no object is known for the route ${route}`);
    // Who is signed in is sent on from the sign-in page.
    const cookie = route === '/sign-in' ? '' : product.cookie;
    const files = new Map<string, number>();
    for (const file of await filesOf(`${product.url}${path}`, cookie)) {
      const size = sizes.get(file) ?? (await gzipSize(new URL(file, product.url).href));
      sizes.set(file, size);
      files.set(file, size);
    }
    measured.push({ route, files });
    progress(`${route}: ${formatKb(sum(files))} KB in ${files.size} files`);
  }
  return measured;
}

/** One object for each parameter of a route. */
async function makeObjects({ call }: Product): Promise<Readonly<Record<string, string>>> {
  const env = 'default';
  const credential = { username: 'robot', password: 'bench-password' };
  const address = 'registry.bench.example';
  const registry = await call(endpoints.createRegistry, { env, body: { address, credential } });
  const server = 'https://127.0.0.1:1'; // nobody is there: its pages must load all the same
  const cluster = await call(endpoints.createCluster, {
    body: { name: 'bench', server, token: 'bench' },
  });
  const target = await call(endpoints.createTarget, { env, body: { clusterId: cluster.id } });
  return { env, registryId: registry.id, clusterId: cluster.id, targetId: target.id };
}

async function filesOf(url: string, cookie: string): Promise<readonly string[]> {
  const reply = await fetch(url, {
    headers: { cookie, accept: 'text/html', 'accept-language': 'en' },
    signal: AbortSignal.timeout(60_000),
  });
  const html = await reply.text();
  if (reply.status !== 200) throw new Error(`${url} answered ${reply.status}`);
  return findFiles(html);
}

/** Paths of scripts and style sheets that an HTML page of Next.js makes a browser fetch. */
export function findFiles(html: string): readonly string[] {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const attribute = (tag: string, name: string) =>
    new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&');
  const old = new Set(
    tags.flatMap((tag) => (/\bnomodule\b/i.test(tag) ? (attribute(tag, 'src') ?? []) : [])),
  );
  const named = tags.flatMap((tag) => attribute(tag, 'src') ?? attribute(tag, 'href') ?? []);
  // In the component tree they are named without the prefix, inside of escaped JSON.
  const streamed = [...html.matchAll(/static\/[\w./%~@[\]()-]+?\.(?:js|css)\b/g)].map(
    ([path]) => `/_next/${path}`,
  );
  const withoutQuery = (path: string) => path.split('?')[0] ?? path;
  return [...new Set([...named, ...streamed].map(withoutQuery))]
    .filter((path) => /\.(?:js|css)$/.test(path))
    .filter((path) => ![...old].some((each) => withoutQuery(each) === path));
}

async function gzipSize(url: string): Promise<number> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (reply.status !== 200) throw new Error(`${url} answered ${reply.status}`);
  return gzipSync(Buffer.from(await reply.arrayBuffer())).length;
}

const sum = (files: ReadonlyMap<string, number>) =>
  [...files.values()].reduce((total, size) => total + size, 0);
const formatKb = (bytes: number) => (bytes / kilobyte).toFixed(0);

function describe(measured: readonly Measured[]): readonly Finding[] {
  const [first, ...others] = measured;
  if (first === undefined) return notMeasured(['W1'], 'the console has no routes');
  const heaviest = measured.reduce((a, b) => (sum(b.files) > sum(a.files) ? b : a));
  const shared = new Map(
    [...first.files].filter(([file]) => others.every(({ files }) => files.has(file))),
  );
  const over = measured.filter(({ files }) => sum(files) > pageLimitKb * kilobyte).length;
  const sizes = `${measured.length} routes, gzip`;
  return [
    {
      goal: 'W1',
      what: `first-load JS + CSS, heaviest route (${heaviest.route})`,
      limit: `≤ ${pageLimitKb} KB`,
      figure: `${formatKb(sum(heaviest.files))} KB, ${over} routes over`,
      isMet: over === 0,
      sizes,
    },
    {
      goal: 'W1',
      what: 'of it shared by all routes',
      limit: `≤ ${sharedLimitKb} KB`,
      figure: `${formatKb(sum(shared))} KB`,
      isMet: sum(shared) <= sharedLimitKb * kilobyte,
      sizes,
    },
  ];
}
