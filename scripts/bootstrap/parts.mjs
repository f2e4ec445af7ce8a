// Which real parts this machine has: what `test:kube`, `test:node` and `test:e2e` run against.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

// Debian keeps runc and its like out of an ordinary user's PATH.
const EXTRA_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/go/bin'];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const hasProgram = (name) =>
  [...(process.env.PATH ?? '').split(delimiter), ...EXTRA_FOLDERS].some(
    (folder) => folder !== '' && isExecutable(join(folder, name)),
  );

/** The Kubernetes programs are built once and kept outside the checkout; see packages/testbed. */
function hasCachedKubernetes() {
  const cache = process.env.MOORAGE_TEST_CACHE ?? join(homedir(), '.cache', 'moorage');
  const folder = join(cache, 'kubernetes');
  return existsSync(folder) && readdirSync(folder).some((name) => !name.includes('partial'));
}

const GO_HINT = 'install Go 1.26 or newer from go.dev/dl';

const program = (name, debian) => ({ name, debian, isThere: () => hasProgram(name) });

const parts = {
  etcd: program('etcd', 'etcd-server'),
  openssl: program('openssl', 'openssl'),
  go: { ...program('go'), hint: GO_HINT },
  kubernetes: {
    name: 'Kubernetes (built with Go, or built before)',
    isThere: () => hasProgram('go') || hasCachedKubernetes(),
    hint: GO_HINT,
  },
  // what the script of the README's automation section needs; a test runs it
  bash: program('bash', 'bash'),
  curl: program('curl', 'curl'),
  jq: program('jq', 'jq'),
  registry: program('docker-registry', 'docker-registry'),
  htpasswd: program('htpasswd', 'apache2-utils'),
  skopeo: program('skopeo', 'skopeo'),
  containerd: program('containerd', 'containerd'),
  runc: program('runc', 'runc'),
  unshare: program('unshare', 'util-linux'),
  networkPlugins: {
    name: 'CNI plugins',
    debian: 'containernetworking-plugins',
    isThere: () =>
      ['/usr/lib/cni', '/opt/cni/bin'].some((folder) => existsSync(join(folder, 'ptp'))),
  },
  administrator: {
    name: 'administrator rights (a kubelet needs them)',
    isThere: () => process.getuid?.() === 0,
    hint: 'run as root, for example in a container',
  },
  chromium: program('chromium', 'chromium'),
};

/** What each size of test needs besides Node. */
const needs = {
  unit: [],
  api: [],
  kube: [parts.etcd, parts.openssl, parts.kubernetes, parts.bash, parts.curl, parts.jq],
  node: [
    parts.etcd,
    parts.openssl,
    parts.kubernetes,
    parts.go,
    parts.registry,
    parts.htpasswd,
    parts.skopeo,
    parts.containerd,
    parts.runc,
    parts.unshare,
    parts.networkPlugins,
    parts.administrator,
  ],
  e2e: [parts.chromium],
};

export const sizes = Object.keys(needs);

export const missingParts = (size) => needs[size].filter((part) => !part.isThere());

/** One sentence per way of getting the missing parts. */
export function howToGet(missing) {
  const packages = [...new Set(missing.flatMap((part) => part.debian ?? []))];
  const hints = missing.flatMap((part) => part.hint ?? []);
  return [
    ...(packages.length > 0
      ? [`apt-get install --no-install-recommends ${packages.join(' ')}`]
      : []),
    ...hints,
  ].join('; ');
}
