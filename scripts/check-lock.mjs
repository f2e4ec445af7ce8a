// The lock is complete for every platform, versions are exact, and no install script is approved but that of `node`.
//
// Some packages appear in the registry without all of their platform packages. `npm install` accepts that and writes
// an incomplete lock; `npm ci` then refuses it, on another machine and at another time.
import { readFileSync } from 'node:fs';
import { at } from './bootstrap/paths.mjs';
import { listWorkspaces } from './bootstrap/workspaces.mjs';
import { finish } from './check-result.mjs';

const readJson = (file) => JSON.parse(readFileSync(at(file), 'utf8'));
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

/** Node's own lookup: the nearest `node_modules` on the way up. */
function isInLock(packages, from, name) {
  const segments = from.split('node_modules/');
  for (let depth = segments.length; depth >= 0; depth--) {
    const folder = segments.slice(0, depth).join('node_modules/');
    const path = `${folder}${folder && !folder.endsWith('/') ? '/' : ''}node_modules/${name}`;
    if (packages[path]) return true;
  }
  return false;
}

function incompleteEntries(packages) {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isInLock(packages, path, name))
      .map((name) => `package-lock.json: ${path} needs ${name}, and the lock lacks it`),
  );
}

function inexactVersions({ folder, manifest }) {
  const all = {
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  };
  return Object.entries(all)
    .filter(([, version]) => !EXACT.test(version))
    .map(
      ([name, version]) => `${folder}/package.json: ${name} is "${version}", not an exact version`,
    );
}

function installScripts({ folder, manifest }) {
  return INSTALL_SCRIPTS.filter((name) => manifest.scripts?.[name]).map(
    (name) => `${folder}/package.json: script "${name}" would run at install`,
  );
}

const manifest = readJson('package.json');
const approved = JSON.stringify(manifest.allowScripts);
const everywhere = [{ folder: '.', manifest }, ...listWorkspaces()];

finish('lock', [
  ...incompleteEntries(readJson('package-lock.json').packages),
  ...everywhere.flatMap(inexactVersions),
  ...everywhere.flatMap(installScripts),
  ...(approved === '{"node":true}'
    ? []
    : [`package.json: allowScripts is ${approved}; only "node" may run a script`]),
]);
