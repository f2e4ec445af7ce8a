// One hash for the content of many files. Content rather than times: a checkout or a copy changes times only.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at, stampFolder } from './paths.mjs';

// What a build makes, and what it does not read.
const IGNORED_FOLDERS = new Set([
  'node_modules',
  'dist',
  '.next',
  '.turbo',
  'generated',
  'e2e',
  'test',
  'fixtures',
]);
const isTest = (name) =>
  /\.test\.tsx?$/.test(name) || name.endsWith('.md') || name.endsWith('.tsbuildinfo');

function* walk(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) return;
  if (status.isFile()) {
    yield path;
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (entry.isDirectory() && IGNORED_FOLDERS.has(entry.name)) continue;
    if (entry.isFile() && (isTest(entry.name) || entry.name === 'next-env.d.ts')) continue;
    yield* walk(join(path, entry.name));
  }
}

/** Hash of the names and contents of everything a build reads below `paths` (relative to the root). */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of walk(at(path))) {
      const content = readFileSync(file);
      hash.update(`${file.slice(at().length)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

export function readStamp(name) {
  try {
    return readFileSync(join(stampFolder, name), 'utf8');
  } catch {
    return null;
  }
}

export function writeStamp(name, value) {
  const file = join(stampFolder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
