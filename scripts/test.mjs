// npm test [unit|api|kube|node|e2e …]: every test that this machine has the parts for, and plainly what was left out.
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureGenerated } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { howToGet, missingParts, sizes } from './bootstrap/parts.mjs';
import { at, bundledNode, stampFolder, toolEnvironment } from './bootstrap/paths.mjs';
import { withProgress } from './bootstrap/progress.mjs';
import { BootstrapError, main, runLines, runQuietly, wasInterrupted } from './bootstrap/run.mjs';
import { hasTestFiles } from './bootstrap/test-files.mjs';
import { failure, formatCounts, judge, sum } from './bootstrap/test-report.mjs';
import { listWorkspaces } from './bootstrap/workspaces.mjs';

const requiresReal = process.env.MOORAGE_REQUIRE_REAL === '1';
const reports = join(stampFolder, 'test-reports');

// Units are light and many: as many workspaces at once as there are cores. Everything else starts servers and
// databases of its own, and a benchmark of patience on two cores if run side by side.
const concurrencyOf = (size) => (size === 'unit' ? availableParallelism() : 1);

async function runWorkspace({ label, folder, manifest }, size) {
  const name = `${label}:${size}`;
  if (!hasTestFiles(folder, size)) {
    console.log(`[${name}] has no test files`);
    return sum([]);
  }
  const file = join(reports, `${label}-${size}.json`);
  rmSync(file, { force: true });
  const flags = `--reporter=default --reporter=json --outputFile.json='${file}'`;
  const script = `${manifest.scripts[`test:${size}`]} ${flags}`;
  const env = toolEnvironment(at(folder), {
    NO_COLOR: '1',
    CI: process.env.CI ?? '1',
    ...(needsServer(size) ? { MOORAGE_BUILT_SERVER: at('apps/api/dist/main.js') } : {}),
  });
  // Set together, vitest would follow this one and the log would fill with escapes.
  delete env.FORCE_COLOR;
  const { code, leftProcesses } = await runLines(
    'sh',
    ['-c', script],
    (line) => console.log(`[${name}] ${line}`),
    { cwd: at(folder), env },
  );
  if (leftProcesses) console.log(`[${name}] left processes behind; they were ended`);
  return judge({ label: name, file, code });
}

/** Runs `work` over `items` with at most `limit` at once; results keep the order of the items. */
async function mapLimited(items, limit, work) {
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length && !wasInterrupted()) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}

/**
 * Builds the Kubernetes programs before a test's own time limit would have to cover it (minutes, once). Only
 * `test:kube` runs against an older API server too.
 */
async function ensureKubernetes(size) {
  await ensureBuilt('@moorage/testbed');
  const older =
    size === 'kube'
      ? "if (kubernetes.hasParts('older-kubernetes')) await kubernetes.ensureKubernetesBinary({ version: kubernetes.olderKubernetesVersion });"
      : '';
  const work = `const kubernetes = await import('@moorage/testbed'); await kubernetes.ensureKubernetesBinary(); ${older}`;
  await withProgress('Preparing Kubernetes for the tests (minutes the first time)', () =>
    runQuietly(
      bundledNode,
      ['--input-type=module', '--eval', work],
      'Kubernetes could not be built',
      {
        cwd: at('packages/testbed'),
      },
    ),
  );
}

/** Tests of these sizes start the built server as a process of its own. */
const needsServer = (size) => size === 'kube' || size === 'e2e';

async function prepare(size) {
  await ensureGenerated();
  if (needsServer(size)) await ensureBuilt('@moorage/api');
  if (size === 'kube' || size === 'node') await ensureKubernetes(size);
}

const leftOut = [];

async function runSize(size, workspaces) {
  const chosen = workspaces.filter(({ manifest }) => manifest.scripts?.[`test:${size}`]);
  if (chosen.length === 0) return sum([]);
  const missing = missingParts(size);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    leftOut.push(`test:${size}: left out for want of ${names}. To get it: ${howToGet(missing)}`);
    return requiresReal
      ? failure(`test:${size}: ${names} missing, and real parts are required`)
      : sum([]);
  }
  console.log(`\n== test:${size} (${chosen.map(({ label }) => label).join(', ')})`);
  try {
    await prepare(size);
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    console.log(error.message);
    return failure(`test:${size}: could not be prepared`);
  }
  const counts = sum(
    await mapLimited(chosen, concurrencyOf(size), (each) => runWorkspace(each, size)),
  );
  console.log(`== test:${size}: ${formatCounts(counts)}`);
  return counts;
}

function report(total) {
  if (total.problems.length > 0)
    console.log(`\nFailed:\n${total.problems.map((each) => `  ${each}`).join('\n')}`);
  if (leftOut.length > 0)
    console.log(`\nLeft out:\n${leftOut.map((each) => `  ${each}`).join('\n')}`);
  console.log(`\n${formatCounts(total)}`);
}

await main(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((size) => !sizes.includes(size));
  if (unknown.length > 0) {
    throw new BootstrapError(`Unknown: ${unknown.join(', ')}. Sizes are ${sizes.join(', ')}.`);
  }
  await ensureInstalled();
  mkdirSync(reports, { recursive: true });
  const counts = [];
  for (const size of asked.length > 0 ? asked : sizes) {
    counts.push(await runSize(size, listWorkspaces()));
    if (wasInterrupted()) throw new BootstrapError('Stopped before the end.');
  }
  const all = sum(counts);
  // Where real parts are required a skipped test is one that was left out.
  const isRefused = requiresReal && all.skipped > 0;
  const total = isRefused
    ? sum([all, failure(`${all.skipped} tests were skipped, and real parts are required`)])
    : all;
  report(total);
  return total.failed > 0 ? 1 : 0;
});
