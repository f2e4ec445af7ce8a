// The workspaces of this repository and how they depend on one another.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from './paths.mjs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const expand = (pattern) =>
  pattern.endsWith('/*')
    ? readdirSync(at(pattern.slice(0, -2))).map((name) => join(pattern.slice(0, -2), name))
    : [pattern];

/** Every workspace: `{name, label, folder, manifest}`, in a stable order. */
export function listWorkspaces() {
  return readJson(at('package.json'))
    .workspaces.flatMap(expand)
    .filter((folder) => existsSync(at(folder, 'package.json')))
    .sort()
    .map((folder) => {
      const manifest = readJson(at(folder, 'package.json'));
      return { name: manifest.name, label: manifest.name.split('/').pop(), folder, manifest };
    });
}

/** The workspace called `name` and all those that it needs, needed ones first. */
export function closureOf(name, workspaces = listWorkspaces(), includeDevelopment = false) {
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
  const found = new Set();
  const visit = (current) => {
    const workspace = byName.get(current);
    if (!workspace || found.has(workspace)) return;
    const { dependencies, devDependencies } = workspace.manifest;
    const needed = { ...dependencies, ...(includeDevelopment ? devDependencies : {}) };
    for (const dependency of Object.keys(needed)) visit(dependency);
    found.add(workspace);
  };
  visit(name);
  return [...found];
}
