/** A1 and A2: what the API's layers cost beside Fastify and `pg` alone, in requests per second. */
import { hasParts } from '@moorage/testbed';
import { ApiStage } from './api-stage.js';
import { type Benchmark, type Finding, notMeasured, type RunOptions } from './finding.js';
import { type LoadResult, runLoad } from './load.js';
import { cpuTimeMs } from './process-usage.js';
import { formatSpread, median, percentile } from './statistics.js';

const goals = ['A1', 'A2'];
/** More than the cores can serve at once, fewer than would only queue. */
const connections = 16;
const registries = 5_000;

export const apiBenchmark: Benchmark = {
  goals,
  async run(options) {
    const asked = goals.filter((goal) => options.wants(goal));
    if (!hasParts('postgres')) return notMeasured(asked, 'parts are missing, see above');
    options.progress(`starting the API with ${registries} registries`);
    const stage = await ApiStage.open(registries);
    try {
      const findings: Finding[] = [];
      if (options.wants('A1')) findings.push(await measureList(stage, options));
      if (options.wants('A2')) findings.push(await measureCreate(stage, options));
      return findings;
    } finally {
      await stage.close();
    }
  },
};

type Of = 'product' | 'bare';

interface Loaded extends LoadResult {
  /** Of the server's process, the database's not included. */
  readonly cpuPerRequestMs: number;
}

interface Comparison {
  readonly ratios: readonly number[];
  readonly product: readonly Loaded[];
  readonly bare: readonly Loaded[];
}

async function compare(
  stage: ApiStage,
  { full, progress }: RunOptions,
  load: { readonly request: (of: Of) => () => Buffer; readonly expectedStatus: number },
): Promise<Comparison> {
  const durationMs = full ? 10_000 : 3_000;
  const run = async (of: Of, ms: number): Promise<Loaded> => {
    const [port, pid] =
      of === 'product' ? [stage.productPort, stage.product.pid] : [stage.bare.port, stage.bare.pid];
    const address = { host: '127.0.0.1', port };
    const { expectedStatus } = load;
    const cpuBefore = cpuTimeMs(pid);
    const result = await runLoad({
      ...{ address, connections, durationMs: ms, expectedStatus },
      request: load.request(of),
    });
    return { ...result, cpuPerRequestMs: (cpuTimeMs(pid) - cpuBefore) / result.answered };
  };
  for (const of of ['product', 'bare'] as const) await run(of, durationMs / 2); // warms up both
  const product: Loaded[] = [];
  const bare: Loaded[] = [];
  for (let round = 0; round < (full ? 5 : 4); round += 1) {
    // A B, B A, A B …
    if (round % 2 === 1) bare.push(await run('bare', durationMs));
    product.push(await run('product', durationMs));
    if (round % 2 === 0) bare.push(await run('bare', durationMs));
    const [ours, theirs] = [product[round], bare[round]];
    progress(`product ${describeLoad(ours)}; bare ${describeLoad(theirs)}`);
  }
  const ratios = product.map(
    (result, at) => result.perSecond / (bare[at]?.perSecond ?? Number.NaN),
  );
  return { ratios, product, bare };
}

function describeLoad(result: Loaded | undefined): string {
  if (result === undefined) return '';
  const p99 = percentile(result.latenciesMs, 0.99).toFixed(1);
  return `${result.perSecond.toFixed(0)}/s, p99 ${p99} ms, CPU ${result.cpuPerRequestMs.toFixed(2)} ms`;
}

function sizesOf(comparison: Comparison): string {
  const rate = (results: readonly Loaded[]) =>
    median(results.map(({ perSecond }) => perSecond)).toFixed(0);
  const cpu = (results: readonly Loaded[]) =>
    median(results.map(({ cpuPerRequestMs }) => cpuPerRequestMs)).toFixed(2);
  const { product, bare } = comparison;
  const rates = `${rate(product)} and ${rate(bare)} requests/s`;
  return `${registries} registries, ${connections} connections, ${rates}, CPU ${cpu(product)} and ${cpu(bare)} ms each`;
}

async function measureList(stage: ApiStage, options: RunOptions): Promise<Finding> {
  await requireSameAnswer(stage);
  const comparison = await compare(stage, options, {
    request: (of) => {
      const request = stage.listRequest(of);
      return () => request;
    },
    expectedStatus: 200,
  });
  return {
    goal: 'A1',
    what: 'list page of 50 with status, beside Fastify + pg with the same SQL',
    limit: '≥ 0.6 ×',
    figure: `${formatSpread(comparison.ratios)} ×`,
    isMet: median(comparison.ratios) >= 0.6,
    sizes: sizesOf(comparison),
  };
}

/** Speed with other rows would be worth nothing. */
async function requireSameAnswer(stage: ApiStage): Promise<void> {
  const headers = { cookie: stage.product.cookie };
  const urls = [
    `${stage.product.url}/api/v1/environments/default/registries?limit=50`,
    `http://127.0.0.1:${stage.bare.port}/registries`,
  ];
  const ids = await Promise.all(
    urls.map(async (url) => {
      const reply = await fetch(url, { headers });
      // Both servers are ours; the shape is compared right below.
      const page = (await reply.json()) as { items: { id: string }[]; total: number };
      return JSON.stringify([page.total, page.items.map(({ id }) => id)]);
    }),
  );
  if (ids[0] !== ids[1]) throw new Error('the two servers list different registries');
}

async function measureCreate(stage: ApiStage, options: RunOptions): Promise<Finding> {
  const before = await stage.countRegistries();
  const sent = { count: 0 };
  const comparison = await compare(stage, options, {
    request: (of) => () => {
      sent.count += 1;
      return stage.createRequest(of);
    },
    expectedStatus: 201,
  });
  const made = (await stage.countRegistries()) - before;
  if (made !== sent.count) throw new Error(`${sent.count} were created, ${made} are there`);
  return {
    goal: 'A2',
    what: 'create registry and login, sealed, audited, announced; beside bare inserts of the rows',
    limit: '≥ 0.5 ×',
    figure: `${formatSpread(comparison.ratios)} ×`,
    isMet: median(comparison.ratios) >= 0.5,
    sizes: sizesOf(comparison),
  };
}
