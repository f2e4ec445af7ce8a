// Which size a test file belongs to: its name or folder says so, `<name>.kube.test.ts` or `e2e/`; else it is a unit.
import { readdirSync } from 'node:fs';
import { at } from './paths.mjs';

const TEST = /\.test\.tsx?$/;
const SKIPPED = /(^|\/)(node_modules|dist|\.next)\//;

function sizeOf(file) {
  const named = /\.(api|kube|node|e2e)\.test\.tsx?$/.exec(file);
  if (named) return named[1];
  return file.split('/').includes('e2e') ? 'e2e' : 'unit';
}

export const hasTestFiles = (folder, size) =>
  readdirSync(at(folder), { recursive: true }).some(
    (file) => TEST.test(file) && !SKIPPED.test(file) && sizeOf(file) === size,
  );
