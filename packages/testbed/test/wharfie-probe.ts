/**
 * The loader that K3s and RKE2 share, with RKE2's own rules for its first pull: rancher/wharfie as
 * released, built here with a small program around it (`wharfie/`) that answers questions.
 *
 * The module is copied out of Go's module cache, because a probe file has to stand beside the files
 * whose unexported functions it calls. Its checksum is pinned here, those of its requirements in
 * `go.sum`.
 */
import { execFile, spawn } from 'node:child_process';
import { copyFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTemporaryDirectory } from '../src/temporary-directory.js';

const run = promisify(execFile);
const source = fileURLToPath(new URL('../wharfie/', import.meta.url));
const wharfie = {
  module: 'github.com/rancher/wharfie@v0.7.1',
  checksum: 'h1:/4MPrr71I7aXESB0C5DVf7an4H1TYOYv1yx6vA6eKko=',
};

export interface ProbeAuth {
  readonly username: string;
  readonly password: string;
  readonly auth: string;
  readonly identitytoken: string;
}

export interface ProbeTls {
  readonly ca_file: string;
  readonly cert_file: string;
  readonly key_file: string;
  readonly insecure_skip_verify: boolean;
}

export interface ProbeFile {
  readonly mirrors: Readonly<
    Record<
      string,
      {
        readonly endpoint: readonly string[] | null;
        readonly rewrite: Readonly<Record<string, string>> | null;
      }
    >
  > | null;
  readonly configs: Readonly<
    Record<string, { readonly auth: ProbeAuth | null; readonly tls: ProbeTls | null }>
  > | null;
}

export interface ProbeEndpoint {
  readonly url: string;
  readonly isDefault: boolean;
  readonly username: string;
  readonly password: string;
  readonly auth: string;
  readonly token: string;
  readonly tlsError: boolean;
  readonly skipsTls: boolean;
}

export interface ProbePull {
  readonly error: string;
  readonly endpoints: readonly ProbeEndpoint[] | null;
  /** As RKE2 names it, before rewrites. */
  readonly repository: string;
  /** `repository|tag or digest`, every one that may be asked of a mirror. */
  readonly rewritten: readonly string[] | null;
}

export interface ProbeLoad {
  /** Empty when the file loads. */
  readonly error: string;
  readonly file: ProbeFile | null;
  readonly pulls: readonly ProbePull[] | null;
}

export interface ProbeRewrite {
  readonly compiles: boolean;
  readonly result: string;
}

export interface WharfieProbe {
  load(
    questions: readonly { document: string; images: readonly string[] }[],
  ): Promise<readonly ProbeLoad[]>;
  rewrite(
    questions: readonly { pattern: string; replacement: string; name: string }[],
  ): Promise<readonly ProbeRewrite[]>;
  remove(): Promise<void>;
}

export async function buildWharfieProbe(): Promise<WharfieProbe> {
  const directory = createTemporaryDirectory('wharfie');
  const program = join(directory.path, 'probe');
  const { stdout } = await run('go', ['mod', 'download', '-json', wharfie.module], {
    cwd: directory.path,
    timeout: 240_000,
  });
  const { Dir: module, Sum: checksum }: { Dir: string; Sum: string } = JSON.parse(stdout);
  if (checksum !== wharfie.checksum) throw new Error(`${wharfie.module} has changed: ${checksum}`);
  const copy = join(directory.path, 'wharfie');
  await run('cp', ['-r', '--no-preserve=mode', module, copy]);
  for (const file of ['go.mod', 'go.sum', 'main.go'])
    await copyFile(join(source, file), join(directory.path, file));
  await cp(join(source, 'probe', 'probe.go'), join(copy, 'pkg', 'registries', 'probe.go'));
  await run('go', ['build', '-o', program, '.'], { cwd: directory.path, timeout: 280_000 });
  return {
    load: (questions) => ask<ProbeLoad>(program, questions),
    rewrite: (questions) => ask<ProbeRewrite>(program, questions),
    remove: () => directory.remove(),
  };
}

async function ask<T>(program: string, questions: readonly unknown[]): Promise<readonly T[]> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'], timeout: 240_000 });
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const answers: T[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line));
  if (answers.length !== questions.length)
    throw new Error(`${answers.length} answers of ${questions.length}`);
  return answers;
}
