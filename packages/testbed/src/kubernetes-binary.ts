/**
 * The Kubernetes programs as one binary, built once per version and kept in a cache folder outside
 * the checkout, so that a clean clone does not build it again. The current version has all four
 * (`kubernetes/main.go`); the older one, for what only newer API servers serve, has the API server
 * alone (`kubernetes-1.34/main.go`), which takes half the time to build.
 *
 * Cache key: version, then a hash of go.mod, go.sum and main.go. Folder: MOORAGE_TEST_CACHE, else
 * `~/.cache/moorage`, and in it `kubernetes/<version>-<hash>`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from './child-process.js';
import { createTemporaryDirectory } from './temporary-directory.js';

const sourceFiles = ['go.mod', 'go.sum', 'main.go'] as const;

export const pinnedKubernetesVersion = '1.36.3';
/** ValidatingAdmissionPolicy is there, MutatingAdmissionPolicy is beta and off. */
export const olderKubernetesVersion = '1.34.4';

export interface KubernetesBinaryOptions {
  /** Another version needs its modules in the Go module proxy, and its go.sum is made on the way. */
  readonly version?: string;
}

export function testCacheDirectory(): string {
  return process.env.MOORAGE_TEST_CACHE ?? join(homedir(), '.cache', 'moorage');
}

export function kubernetesBinaryPath(version: string = pinnedKubernetesVersion): string {
  const hash = createHash('sha256');
  for (const file of sourceFiles)
    hash.update(file).update(readFileSync(join(sourceDirectoryOf(version), file)));
  const key = `${version}-${hash.digest('hex').slice(0, 16)}`;
  return join(testCacheDirectory(), 'kubernetes', key);
}

function sourceDirectoryOf(version: string): string {
  const folder = version === olderKubernetesVersion ? 'kubernetes-1.34' : 'kubernetes';
  return fileURLToPath(new URL(`../${folder}/`, import.meta.url));
}

export function cachedKubernetesBinary(version?: string): string | undefined {
  const path = kubernetesBinaryPath(version);
  return existsSync(path) ? path : undefined;
}

const builds = new Map<string, Promise<string>>();

export function ensureKubernetesBinary(options: KubernetesBinaryOptions = {}): Promise<string> {
  const version = options.version ?? pinnedKubernetesVersion;
  const path = kubernetesBinaryPath(version);
  if (existsSync(path)) return Promise.resolve(path);
  const running = builds.get(path) ?? buildKubernetes(version, path);
  builds.set(path, running);
  return running;
}

async function buildKubernetes(version: string, path: string): Promise<string> {
  const go = findProgram('go');
  if (go === undefined)
    throw new Error('building Kubernetes needs Go 1.26 or newer: https://go.dev/dl/');
  const minutes = version === olderKubernetesVersion ? 3 : 5;
  process.stderr.write(
    `building Kubernetes ${version} once (${minutes} minutes on 2 cores) into ${path}\n`,
  );
  await mkdir(join(path, '..'), { recursive: true });
  const source = createTemporaryDirectory('kubernetes-source');
  for (const file of sourceFiles)
    await copyFile(join(sourceDirectoryOf(version), file), join(source.path, file));
  const isPinned = version === pinnedKubernetesVersion || version === olderKubernetesVersion;
  if (!isPinned) await switchVersion(go, source.path, version);
  // Written under another name first: a build that is cut short never looks like a finished one.
  const partial = `${path}.${process.pid}.partial`;
  try {
    await runGo(
      go,
      ['build', '-trimpath', '-ldflags', linkerFlags(version), '-o', partial, '.'],
      source.path,
    );
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
    await source.remove();
  }
  process.stderr.write(`built Kubernetes ${version}\n`);
  return path;
}

/** Without these flags the server calls itself v0.0.0. */
function linkerFlags(version: string): string {
  const [major, minor] = version.split('.');
  const variable = 'k8s.io/component-base/version';
  return `-s -w -X ${variable}.gitVersion=v${version} -X ${variable}.gitMajor=${major} -X ${variable}.gitMinor=${minor}`;
}

/** Staging modules carry the same number with major version 0: 1.36.3 goes with v0.36.3. */
async function switchVersion(go: string, directory: string, version: string): Promise<void> {
  const staging = (text: string) => `v0.${text.split('.').slice(1).join('.')}`;
  const file = join(directory, 'go.mod');
  const text = readFileSync(file, 'utf8')
    .replaceAll(`v${pinnedKubernetesVersion}`, `v${version}`)
    .replaceAll(staging(pinnedKubernetesVersion), staging(version));
  const direct = text.replace(/^require \([^)]*\/\/ indirect[^)]*\)\n/m, '');
  await writeFile(file, direct);
  await rm(join(directory, 'go.sum'));
  await runGo(go, ['mod', 'tidy'], directory);
}

function runGo(go: string, args: readonly string[], directory: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(go, [...args], { cwd: directory, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go ${args[0]} failed with code ${code}`));
    });
  });
}
