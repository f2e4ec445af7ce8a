/**
 * Directories that live as long as the test run. They are removed by the part that made them, or
 * when this process exits.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();
let hooked = false;

export interface TemporaryDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

export function createTemporaryDirectory(label: string): TemporaryDirectory {
  if (!hooked) {
    hooked = true;
    process.on('exit', removeAll);
  }
  const path = mkdtempSync(join(tmpdir(), `moorage-${label}-`));
  chmodSync(path, 0o700);
  made.add(path);
  return {
    path,
    async remove() {
      made.delete(path);
      if (process.env.MOORAGE_TEST_KEEP === '1') return;
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

function removeAll(): void {
  // MOORAGE_TEST_KEEP=1 leaves logs and data behind for a look after a failed run.
  if (process.env.MOORAGE_TEST_KEEP === '1') return;
  for (const path of made) rmSync(path, { recursive: true, force: true });
  made.clear();
}
