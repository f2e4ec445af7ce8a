/**
 * `postmaster.pid`, Postgres' lock file (PostgreSQL documentation, "Database File Layout"): line 1
 * the process id, line 4 the port. It stays behind after kill -9 or a power cut; Postgres itself
 * recognises a stale one unless another process has got that id.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** The postmaster that the file names, if a process of that id lives. */
export async function readLivePostmaster(directory: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return isAlive(pid) ? { pid, port } : undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as another user
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
