// Brings node_modules to what package-lock.json says, the same with npm 10 and npm 11.
//
// npm 11 runs only the install scripts that the root package.json approves, npm 10 runs them all. So no script runs
// during `npm ci`, and afterwards exactly one does: that of the package `node`, which fetches Node 24.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { at, bundledNode, installEnvironment } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { BootstrapError, runQuietly } from './run.mjs';

const NODE_MAJOR = 24;
const NPM_MINIMUM = 10;

const readPackages = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return null;
  }
};

/**
 * Whether npm's own record of what it installed holds every package of the lock in that version. npm writes the
 * record last, so an interrupted install has none. Optional packages are those of other platforms.
 */
export function isInstalled() {
  const wanted = readPackages(at('package-lock.json'));
  const present = readPackages(at('node_modules', '.package-lock.json'));
  if (!wanted)
    throw new BootstrapError('package-lock.json is missing or not JSON: restore it from git.');
  if (!present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    if (!found) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

const versionOf = (command, env = process.env) => {
  try {
    // One start of a small program; ten seconds only pass on a machine that is out of memory.
    return execFileSync(command, ['--version'], { encoding: 'utf8', env, timeout: 10_000 }).trim();
  } catch {
    return null;
  }
};

export const bundledNodeVersion = () => (existsSync(bundledNode) ? versionOf(bundledNode) : null);
export const npmVersion = () => versionOf('npm', installEnvironment());

const isExpectedNode = (version) => version?.startsWith(`v${NODE_MAJOR}.`) === true;

function requireNpm() {
  const version = npmVersion();
  if (!version) {
    throw new BootstrapError(
      'npm was not found on PATH. Install Node.js 20 or newer together with npm.',
    );
  }
  if (Number.parseInt(version, 10) < NPM_MINIMUM) {
    throw new BootstrapError(
      `npm ${version} is too old: version ${NPM_MINIMUM} or newer is needed.`,
    );
  }
}

function linkNodeIntoPath() {
  // npm makes this link itself when the script of `node` ran during the install; here it runs afterwards.
  const link = at('node_modules', '.bin', 'node');
  if (process.platform !== 'win32' && !existsSync(link)) symlinkSync('../node/bin/node', link);
}

async function bringNode() {
  const version = JSON.parse(readFileSync(at('package.json'), 'utf8')).dependencies.node;
  await withProgress(`Fetching Node ${version}`, () =>
    runQuietly(
      process.execPath,
      ['installArchSpecificPackage.js'],
      `Node ${version} could not be fetched from the npm registry`,
      { cwd: at('node_modules', 'node'), env: installEnvironment() },
    ),
  );
  const found = bundledNodeVersion();
  if (!isExpectedNode(found)) {
    throw new BootstrapError(
      `Node ${version} was installed but does not run on this machine (${process.platform} ${process.arch}); ` +
        `it answered ${found ?? 'nothing'}. Moorage needs a platform that the npm package "node" supports.`,
    );
  }
}

/** Installs what is missing; returns whether anything had to be done. */
export async function ensureInstalled() {
  const hasPackages = isInstalled();
  if (hasPackages && isExpectedNode(bundledNodeVersion())) {
    linkNodeIntoPath();
    return false;
  }
  requireNpm();
  if (!hasPackages) {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await withProgress('Installing packages (npm ci, about a minute the first time)', () =>
      runQuietly('npm', args, 'npm ci failed', { env: installEnvironment() }),
    );
  }
  if (!isExpectedNode(bundledNodeVersion())) await bringNode();
  linkNodeIntoPath();
  return true;
}
