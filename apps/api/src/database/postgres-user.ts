/**
 * Postgres refuses to run as root, so a server that was started by root (a container, mostly) runs
 * it as another user: `postgres` where the system has one, else `nobody`. That user owns the
 * database's files. When a directory above our files is closed to it (a checkout below /root), the
 * process gets `CAP_DAC_READ_SEARCH` or, where that is not to be had, `CAP_DAC_OVERRIDE` through
 * util-linux' `setpriv`: the only way to reach files there without being root.
 */
import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly ids: PostgresUser | Record<string, never>;
}

/** Undefined: we are not root, Postgres runs as we do. */
export async function choosePostgresUser(): Promise<PostgresUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of ['postgres', 'nobody']) {
    const line = passwd.split('\n').find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'Postgres cannot run as root and there is no user postgres or nobody: start the server as another user, or give DATABASE_URL.',
  );
}

/** How to start `program` as `user`, such that it reaches `paths`. */
export async function launchAs(
  user: PostgresUser | undefined,
  program: string,
  args: readonly string[],
  paths: readonly string[],
): Promise<Launch> {
  if (user === undefined) return { command: program, args, ids: {} };
  const closed = (await Promise.all(paths.map((path) => isClosedTo(user, path)))).includes(true);
  if (!closed) return { command: program, args, ids: user };
  const capability = ['dac_read_search', 'dac_override'].find(canGrant);
  if (capability === undefined) {
    throw new Error(
      'Postgres cannot run as root, and this directory is closed to every other user: move the checkout and MOORAGE_DATA_DIR to one that others may enter, or start the server as another user.',
    );
  }
  return {
    command: 'setpriv',
    args: [...setprivFlags(user, capability), program, ...args],
    ids: {},
  };
}

function setprivFlags({ uid, gid }: PostgresUser, capability: string): string[] {
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    '--',
  ];
}

function canGrant(capability: string): boolean {
  const { status } = spawnSync(
    'setpriv',
    [...setprivFlags({ uid: 65534, gid: 65534 }, capability), 'true'],
    { timeout: 5_000, stdio: 'ignore' },
  );
  return status === 0;
}

/** Whether a directory on the way to `path` cannot be entered by that user. */
async function isClosedTo({ uid, gid }: PostgresUser, path: string): Promise<boolean> {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const entry = await stat(directory);
    const bit = entry.uid === uid ? 0o100 : entry.gid === gid ? 0o010 : 0o001;
    if ((entry.mode & bit) === 0) return true;
    if (directory === dirname(directory)) return false;
  }
}
