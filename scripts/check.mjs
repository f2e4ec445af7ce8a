// npm run check: the one gate before a commit. Format, lint, types, layers, dead code, structure, documents, lock.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureGenerated } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { at, bundledNode, stampFolder, toolEnvironment } from './bootstrap/paths.mjs';
import { formatElapsed } from './bootstrap/progress.mjs';
import { BootstrapError, main, runLines, wasInterrupted } from './bootstrap/run.mjs';
import { listWorkspaces } from './bootstrap/workspaces.mjs';

const node = (script) => ({
  name: script,
  command: bundledNode,
  args: [at('scripts', `${script}.mjs`)],
});

const tools = [
  { name: 'format and lint', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  {
    name: 'layers',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'bench'],
  },
  { name: 'dead code', command: 'knip', args: ['--no-progress', '--no-config-hints'] },
  node('check-structure'),
  node('check-docs'),
  node('check-lock'),
];

const infoOf = (label) => join(stampFolder, `types-${label}.tsbuildinfo`);

const typesOf = ({ label, folder, manifest }) => ({
  name: `types of ${label}`,
  command: 'sh',
  // What tsc learnt last time; it forgets by itself what has changed since.
  args: ['-c', `${manifest.scripts.typecheck} --incremental --tsBuildInfoFile '${infoOf(label)}'`],
  options: { cwd: at(folder), env: toolEnvironment(at(folder)) },
});

async function runCheck({ name, command, args, options }) {
  const lines = [];
  const startedAt = Date.now();
  const { code } = await runLines(command, args, (line) => lines.push(line), options);
  const verdict = code === 0 ? 'ok' : 'FAILED';
  console.log(`${verdict.padEnd(7)}${name} (${formatElapsed(Date.now() - startedAt)})`);
  if (code !== 0) console.log(lines.map((line) => `       ${line}`).join('\n'));
  return code === 0;
}

await main(async () => {
  await ensureInstalled();
  await ensureGenerated();
  const startedAt = Date.now();
  const workspaces = listWorkspaces().filter(({ manifest }) => manifest.scripts?.typecheck);
  // The longest first: with two lanes the short ones fill the gap at the end.
  const large = ['api', 'console'];
  const sorted = workspaces.sort((a, b) => large.includes(b.label) - large.includes(a.label));
  const queue = [...sorted.map(typesOf), ...tools];
  const results = [];
  const lane = async () => {
    while (queue.length > 0 && !wasInterrupted()) results.push(await runCheck(queue.shift()));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  if (wasInterrupted()) throw new BootstrapError('Stopped before the end.');
  const failed = results.filter((isGood) => !isGood).length;
  const verdict = failed === 0 ? 'all passed' : `${failed} failed`;
  console.log(`\n${results.length} checks, ${verdict}, ${formatElapsed(Date.now() - startedAt)}`);
  return failed === 0 ? 0 : 1;
});
