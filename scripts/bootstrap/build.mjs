// Builds what is asked for, and only when something that the build reads has changed since the last one.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { at } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { BootstrapError, runQuietly } from './run.mjs';
import { closureOf } from './workspaces.mjs';

const ROOT_INPUTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'turbo.json',
  'prisma',
];

const outputOf = ({ name, folder }) =>
  ({
    '@moorage/console': at(folder, '.next', 'BUILD_ID'),
    '@moorage/agent': at(folder, 'dist', 'main.js'),
    '@moorage/api': at(folder, 'dist', 'main.js'),
  })[name] ?? at(folder, 'dist', 'index.js');

/** Whether the build of a workspace and of all that it needs is there and as new as its sources. */
export function buildState(name) {
  const workspaces = closureOf(name);
  const current = fingerprint([...ROOT_INPUTS, ...workspaces.map(({ folder }) => folder)]);
  const stamp = `build-${name.split('/').pop()}`;
  const outputs = workspaces.map(outputOf);
  const isFresh = readStamp(stamp) === current && outputs.every((file) => existsSync(file));
  return { isFresh, stamp, current, outputs };
}

/** Builds a workspace with everything that it needs; returns whether it had to. */
export async function ensureBuilt(name) {
  const { isFresh, stamp, current, outputs } = buildState(name);
  if (isFresh) return false;
  const args = ['run', 'build', `--filter=${name}...`, `--concurrency=${availableParallelism()}`];
  await withProgress(`Building ${name}`, () => runQuietly('turbo', args, 'The build failed'));
  const missing = outputs.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new BootstrapError(`The build left out ${missing.join(', ')}`);
  writeStamp(stamp, current);
  return true;
}

const SCHEMA = ['prisma/schema.prisma', 'package-lock.json'];

/** The Prisma client, which types and tests read from the sources of the API. */
export async function ensureGenerated() {
  const current = fingerprint(SCHEMA);
  if (readStamp('generated') === current && existsSync(at('apps/api/src/generated'))) return;
  if (!existsSync(at('prisma/schema.prisma'))) return;
  await withProgress('Generating the database client', () =>
    runQuietly('npm', ['run', 'generate', '--workspace', 'apps/api'], 'prisma generate failed'),
  );
  writeStamp('generated', current);
}
