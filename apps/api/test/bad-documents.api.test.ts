/**
 * Documents that are no honest configuration, through the API: each is refused with line and reason, in
 * bounded time and memory, and nobody else waits for it.
 */
import { endpoints, type RegistriesYamlReport } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, type Cast } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let cast: Cast;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
  // The thread is started here once; from source that takes seconds, built a fraction of one.
  await check(honest(200));
}, 60_000);
afterAll(() => harness.close());

function check(document: string): Promise<RegistriesYamlReport> {
  return cast.viewer.client(endpoints.checkRegistriesYaml, {
    body: { document, distribution: 'k3s' },
  });
}
const importFile = (document: string) =>
  cast.owner.client(endpoints.importNodeConfig, {
    env: cast.environment.name,
    query: { dryRun: 'true' },
    body: { document, distribution: 'k3s' },
  });

/** A file of a very large site: that many registries with mirror, rewrite and login. */
function honest(registries: number): string {
  const each = Array.from({ length: registries }, (_, i) => i);
  const mirror = (i: number) =>
    `  r${i}.example.com:\n    endpoint: ["https://m${i}.example.com/v2"]\n    rewrite: {"^t${i}/(.*)": "m/$1"}\n`;
  const config = (i: number) =>
    `  m${i}.example.com:\n    auth: {username: u${i}, password: planted-${i}}\n`;
  return `mirrors:\n${each.map(mirror).join('')}configs:\n${each.map(config).join('')}`;
}

function bomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, i) =>
    i === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
      : `a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`,
  );
  return `${lines.join('\n')}\nmirrors:\n  docker.io:\n    endpoint: *a${levels - 1}\n`;
}

const BINARY = String.fromCharCode(...Array.from({ length: 600 }, (_, i) => (i * 7) % 256));

const BAD: readonly (readonly [what: string, document: string, line: number, reason: RegExp])[] = [
  ['an alias bomb', bomb(9), 1, /too many values|alias|list/],
  ['nesting without end', `mirrors: ${'['.repeat(200_000)}`, 1, /nested too deeply/],
  ['nesting in lists', `mirrors:\n  ${'- '.repeat(100_000)}\n`, 2, /nested too deeply/],
  ['an alias without an anchor', 'mirrors:\n  docker.io: *nowhere\n', 2, /alias/],
  [
    'a tag that is no text',
    'mirrors:\n  docker.io: !!python/object:os.system {}\n  a.io: !!binary "#"\n',
    2,
    /tag/,
  ],
  ['a tab as indentation', 'mirrors:\n\tdocker.io: {}\n', 2, /[Tt]ab/],
  ['binary', BINARY, 1, /control characters/],
  ['binary with a good beginning', `mirrors: {}\n${BINARY}`, 2, /control characters/],
  ['half of a character', 'mirrors: {}\n# \ud800\n', 2, /control characters/],
  ['an open quote', `mirrors:\n  docker.io: "${'x'.repeat(50_000)}\n`, 2, /quote|missing/],
];

describe.each(BAD)('%s', (_, document, line, reason) => {
  it('is told with its line and a reason, fast', async () => {
    const startedAt = performance.now();
    const report = await check(document);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(report).toMatchObject({ valid: false, hosts: {} });
    const [fault] = report.diagnostics.filter(({ severity }) => severity === 'error');
    expect(fault?.message).toMatch(reason);
    expect(fault?.line).toBeGreaterThanOrEqual(line);
  });

  it('is not imported, with the same line and reason', async () => {
    const problem = await problemOf(importFile(document));
    expect(problem).toMatchObject({ status: 400, code: 'node-config.not-loadable' });
    expect(problem.detail).toMatch(/^Line \d+, column \d+: /);
    expect(problem.detail).toMatch(reason);
  });
});

describe('too large', () => {
  it('a body of 5 MiB is refused before it is read, with what is allowed', async () => {
    const response = await fetch(`${harness.origin}/api/v1/tools/registries-yaml/check`, {
      method: 'POST',
      headers: { ...cast.viewer.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ document: 'x'.repeat(5 * 1024 * 1024), distribution: 'k3s' }),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      code: 'request.too-large',
      detail: 'A request body has at most 4 MiB.',
    });
    const largest = 'x'.repeat(4 * 1024 * 1024 - 100);
    expect(await problemOf(check(largest))).toMatchObject({ status: 400, code: 'request.invalid' });
  });

  it('a document above the contract’s bound is refused at its field', async () => {
    const problem = await problemOf(check('x'.repeat(1_048_577)));
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(problem.errors).toMatchObject([{ pointer: '/document', code: 'too-big' }]);
  });

  it('a document above 512 KiB is told as such, unread', async () => {
    const document = `#${'x'.repeat(600 * 1024)}`;
    const report = await check(document);
    expect(report).toMatchObject({
      valid: false,
      diagnostics: [{ code: 'registries-yaml.document-too-large', line: 1 }],
    });
    expect(await problemOf(importFile(document))).toMatchObject({
      status: 413,
      code: 'request.too-large',
    });
  });
});

describe('a large honest file', () => {
  it('is answered, and nobody else waits for it', async () => {
    const document = honest(2200);
    expect(document.length).toBeGreaterThan(300_000);
    let isDone = false;
    const work = Promise.all([check(document), importFile(document)]).finally(() => {
      isDone = true;
    });
    const waits: number[] = [];
    while (!isDone) {
      const startedAt = performance.now();
      await (await fetch(`${harness.origin}/healthz`)).text();
      waits.push(performance.now() - startedAt);
    }
    const [report, plan] = await work;
    expect(report.valid).toBe(true);
    expect(plan.registries).toHaveLength(1000);
    expect(plan.notImported.length).toBeGreaterThan(0);
    expect(JSON.stringify([report, plan])).not.toContain('planted');
    expect(waits.length).toBeGreaterThan(5);
    // In-process each of the two would block for about a second; presenting a reply takes a part of that.
    const sorted = waits.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThan(250);
  });

  it('is previewed and planned in a thread as well', async () => {
    const mirrors = Array.from({ length: 200 }, (_, i) => ({
      registry: `r${i}.example.com`,
      endpoints: [`https://m${i}.example.com`],
      rewrites: [{ pattern: `^t${i}/(.*)`, replacement: 'm/$1' }],
    }));
    const env = cast.environment.name;
    const preview = await cast.owner.client(endpoints.previewNodeConfig, {
      env,
      body: { mirrors },
    });
    expect(preview).toMatchObject({ cost: 'k3s', secrets: 'masked' });
    const list = Array.from({ length: 3000 }, (_, i) => `docker.io/rancher/image-${i}:v1`).join(
      '\n',
    );
    const plan = await cast.viewer.client(endpoints.planImageList, {
      body: { document: list, target: 'reg.example.com' },
    });
    expect(plan.images).toHaveLength(3000);
    const pull = await cast.viewer.client(endpoints.planPull, {
      body: { image: 'r7.example.com/t7/x', engine: 'k3s-containerd', registriesYaml: honest(200) },
    });
    expect(pull.attempts[0]?.credential).toEqual({
      from: 'registries.yaml configs["m7.example.com"]',
      username: 'u7',
    });
  });
});
