/**
 * A test node whose folders are where K3s has them, and whose containerd is started as K3s starts
 * its own: each time after a program has made `config.toml` and `certs.d` from `registries.yaml`.
 * When that program fails, it is tried again and again, and the node stays down, as with K3s.
 *
 * It is no K3s: the containerd is Debian's, the kubelet runs on its own, and what the program does
 * is whatever the test gives.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface K3sLayoutOptions {
  /**
   * Makes containerd's `config.toml` and `certs.d` at each start: called with the paths of
   * `registries.yaml`, of the folder for both, and of what else belongs into `config.toml`.
   */
  readonly render: readonly string[];
}

export interface K3sLayout {
  /** Paths as programs on the node see them. */
  readonly registriesFile: string;
  readonly certsDirectory: string;
  /** Where the test finds a path of the node's. */
  place(path: string): string;
  /** Restarts containerd the way above and ends when it answers; for the node's own processes. */
  readonly restartCommand: readonly string[];
  /** Ends with 0 when containerd answers. */
  readonly healthCommand: readonly string[];
  /** When containerd has been started, in milliseconds. */
  starts(): readonly number[];
}

const configDirectory = '/etc/rancher/k3s';
const containerdDirectory = '/var/lib/rancher/k3s/agent/etc/containerd';
/** By the node's path: folders that each test node has for itself. */
const folders: Readonly<Record<string, string>> = {
  [configDirectory]: 'etc-rancher-k3s',
  [containerdDirectory]: 'k3s-containerd',
  // Where a containerd has them that no K3s drives.
  '/etc/containerd': 'etc-containerd',
  '/var/lib/moorage-agent': 'moorage-agent',
};

export const k3sCertsDirectory = `${containerdDirectory}/certs.d`;

export function writeK3sLayout(directory: string, socket: string): K3sLayout {
  for (const folder of Object.values(folders))
    mkdirSync(join(directory, folder), { recursive: true });
  const place = (path: string) => {
    const found = Object.entries(folders).find(([folder]) => `${path}/`.startsWith(`${folder}/`));
    if (found === undefined) throw new Error(`not a folder of this node's own: ${path}`);
    return join(directory, found[1], path.slice(found[0].length));
  };
  const scripts = {
    'restart.sh': restartScript(directory, socket),
    'health.sh': `${ask(socket)}\n`,
  };
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(place(`${containerdDirectory}/${name}`), `#!/bin/sh\n${text}`, { mode: 0o700 });
  }
  // The same words on every node; what they do there is the node's own.
  const onNode = (script: string) => [
    ...['nsenter', '-t', '1', '-m', '--'],
    `${containerdDirectory}/${script}`,
  ];
  return {
    registriesFile: `${configDirectory}/registries.yaml`,
    certsDirectory: k3sCertsDirectory,
    place,
    restartCommand: onNode('restart.sh'),
    healthCommand: onNode('health.sh'),
    starts: () => {
      const file = join(directory, 'starts');
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
    },
  };
}

function ask(socket: string): string {
  return `ctr -a ${socket} --timeout 2s --connect-timeout 2s version >/dev/null 2>&1`;
}

/** Part of the node's start script: its own folders in place of the machine's. */
export function k3sMounts(directory: string): string {
  const lines = Object.entries(folders).map(
    ([path, folder]) => `mkdir -p ${path}\nmount --bind ${join(directory, folder)} ${path}`,
  );
  return `${lines.join('\n')}\n`;
}

/** Part of the node's start script: containerd for ever, rendered before each start. */
export function k3sContainerd(directory: string, log: string, render: readonly string[]): string {
  const quoted = render.map((word) => `'${word}'`).join(' ');
  return `(
while :; do
  if ${quoted} ${configDirectory}/registries.yaml ${containerdDirectory} ${directory}/containerd.toml >>${log} 2>&1; then
    date +%s%3N >>${directory}/starts
    containerd --config ${containerdDirectory}/config.toml >>${log} 2>&1 &
    echo $! >${directory}/containerd.pid
    wait $! || true
  fi
  sleep 0.2
done
) &
`;
}

function restartScript(directory: string, socket: string): string {
  return `old=$(cat ${directory}/containerd.pid)
kill "$old" 2>/dev/null
for attempt in $(seq 1 100); do
  sleep 0.2
  new=$(cat ${directory}/containerd.pid)
  [ "$new" != "$old" ] && ${ask(socket)} && exit 0
done
exit 1
`;
}

/** Folders that the machine had not before the node, for their removal after it. */
export function missingK3sFolders(): readonly string[] {
  const all = new Set<string>();
  for (const path of Object.keys(folders)) {
    for (let each = path; each !== '/'; each = dirname(each)) if (!existsSync(each)) all.add(each);
  }
  return [...all].toSorted((a, b) => b.length - a.length);
}

export function removeFolders(paths: readonly string[]): void {
  for (const path of paths) {
    try {
      rmdirSync(path);
    } catch {
      // Somebody has put something there meanwhile.
    }
  }
}
