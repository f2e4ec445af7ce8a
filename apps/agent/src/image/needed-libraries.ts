/**
 * The shared libraries that a program needs, as this machine's loader finds them, and the copyright
 * files that their Debian packages come with.
 *
 * Source: ldd(1) of glibc; Debian policy 12.5 (`/usr/share/doc/<package>/copyright`).
 */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const timeout = 30_000;

/** Paths as the program asks for them; the loader itself included. */
export async function listLibraries(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program], { timeout });
  const missing = /^\s*(\S+) => not found/m.exec(stdout);
  if (missing !== null) throw new Error(`${program} needs ${missing[1]}, which is not here`);
  const found = stdout.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm);
  return [...found].map(([, path = '']) => path).toSorted();
}

export async function listCopyrights(files: readonly string[]): Promise<readonly string[]> {
  const owners = new Set<string>();
  for (const file of files) {
    // Packages know a file by the name below /usr or by the one before the folders were merged.
    const names = [file, realpathSync(file), realpathSync(file).replace(/^\/usr\//, '/')];
    const { stdout } = await run('dpkg-query', ['--search', ...names], { timeout }).catch(
      (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
    );
    const owner = /^([a-z0-9.+-]+)(?::[a-z0-9]+)?: /m.exec(stdout)?.[1];
    if (owner !== undefined) owners.add(owner);
  }
  const places = [...owners].toSorted().map((owner) => `/usr/share/doc/${owner}/copyright`);
  return places.filter((place) => existsSync(place));
}
