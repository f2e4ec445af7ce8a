// Which size a test file belongs to. Its name says so, `<name>.kube.test.ts` or, in `test/`, `<name>.kube.ts`, or its
// folder `e2e/` does; every other `*.test.ts` is a unit.
import { readdirSync } from 'node:fs';
import { at } from './paths.mjs';

const SKIPPED = /(^|\/)(node_modules|dist|\.next)\//;
const BY_NAME = /\.(api|kube|node|e2e)\.test\.tsx?$|(?:^|\/)test\/.*\.(api|kube|node|e2e)\.ts$/;
const TEST = /\.test\.tsx?$/;

function sizeOf(file) {
  const [, inName, inTestFolder] = BY_NAME.exec(file) ?? [];
  if (inName ?? inTestFolder) return inName ?? inTestFolder;
  if (!TEST.test(file)) return null;
  return file.split('/').includes('e2e') ? 'e2e' : 'unit';
}

export const hasTestFiles = (folder, size) =>
  readdirSync(at(folder), { recursive: true }).some(
    (file) => !SKIPPED.test(file) && sizeOf(file) === size,
  );
