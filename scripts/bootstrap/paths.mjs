// Where things are, and the environment in which everything after the bootstrap runs.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const at = (...parts) => join(root, ...parts);

const binaryName = process.platform === 'win32' ? 'node.exe' : 'node';

/** The Node 24 that the dependency `node` brings. */
export const bundledNode = at('node_modules', 'node', 'bin', binaryName);

/** Stamps live under node_modules, so that a reinstall always asks for a new build. */
export const stampFolder = at('node_modules', '.cache', 'moorage');

/** Nothing that this project starts reports home. */
const quiet = {
  TURBO_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  SCARF_ANALYTICS: 'false',
  DO_NOT_TRACK: '1',
};

/** PATH as npm scripts see it, with Node 24 in front. */
export function toolEnvironment(workspace = root, extra = {}) {
  const folders = [
    join(workspace, 'node_modules', '.bin'),
    at('node_modules', '.bin'),
    process.env.PATH ?? '',
  ];
  if (existsSync(bundledNode)) folders.unshift(at('node_modules', 'node', 'bin'));
  return { ...process.env, ...quiet, PATH: folders.join(delimiter), ...extra };
}

/** PATH without our own `.bin`: npm must not run on the Node that it is about to replace. */
export function installEnvironment() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.filter((folder) => !folder.startsWith(root)).join(delimiter);
  return { ...process.env, ...quiet, PATH: path, npm_config_ignore_scripts: 'true' };
}
