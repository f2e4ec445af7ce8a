/**
 * A file whose time says that the agent's loop turns. The probe is another run of the same program,
 * because the agent listens on nothing.
 */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The longest step between two signs: a call to the API server with all its repetitions. */
const maxAgeMs = 5 * 60_000;

const fileOf = (runDirectory: string) => join(runDirectory, 'alive');

export function giveLifeSign(runDirectory: string): void {
  mkdirSync(runDirectory, { recursive: true });
  writeFileSync(fileOf(runDirectory), '');
}

export function hasLifeSign(runDirectory: string, now: number): boolean {
  try {
    return now - statSync(fileOf(runDirectory)).mtimeMs <= maxAgeMs;
  } catch {
    return false;
  }
}
