/**
 * A pull as CRI-O makes it, by Debian's skopeo (both are containers/image): in a mount namespace
 * where /etc/containers is the rendered folder and names resolve by a hosts file of the test.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { NodeFile } from '@moorage/core';

const run = promisify(execFile);

export interface SkopeoPull {
  readonly directory: string;
  readonly hostsFile: string;
  readonly files: readonly NodeFile[];
  readonly image: string;
  readonly podLogin?: { readonly username: string; readonly password: string };
}

/** Null when the image was pulled, else skopeo's error. */
export async function pullBySkopeo(pull: SkopeoPull): Promise<string | null> {
  const directory = mkdtempSync(join(pull.directory, 'skopeo-'));
  const folder = join(directory, 'containers');
  mkdirSync(folder);
  writeFileSync(join(directory, 'hosts'), pull.hostsFile);
  writeFileSync(join(folder, 'registries.conf'), '');
  // CRI-O's `global_auth_file`; without logins there is none.
  writeFileSync(join(folder, 'auth.json'), '{}');
  for (const { path, content } of pull.files) {
    const target = path.replace('/etc/containers', folder);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  const { podLogin } = pull;
  const login = podLogin
    ? ['--src-creds', `${podLogin.username}:${podLogin.password}`]
    : ['--src-authfile', '/etc/containers/auth.json'];
  const source = `docker://${pull.image}`;
  const mounts =
    'mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/containers" /etc/containers && exec "$@"';
  const command = ['skopeo', '--insecure-policy', 'copy', '--retry-times', '0'];
  const args = ['--mount', 'sh', '-c', mounts, directory, ...command];
  try {
    await run('unshare', [...args, ...login, source, `dir:${directory}/out`], { timeout: 30_000 });
    return null;
  } catch (error) {
    return String(error);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
