/**
 * Reads a `hosts.toml` as containerd does, in the two flavours that differ:
 *
 * - stock: the root entry is always the last host; without `server` it is the registry itself;
 * - K3s' fork: the root entry counts only if `server` is written (even empty) or no host is, which is
 *   how the default endpoint is switched off; hosts may have rewrites.
 *
 * Sources: containerd `core/remotes/docker/config/hosts.go`; the same file in the K3s maintainer's
 * branch. What only the fork does is derived from that source; K3s' containerd 1.7.25 was seen to do the
 * same (the testbed's pull plans run against it where it is given), 2.0.2 but for an empty `server`.
 *
 * Does not handle: headers and dial timeouts, which K3s never writes.
 */
import { parse, type TomlTable } from 'smol-toml';
import { cleanPath } from '../registries-yaml/bootstrap-endpoints.js';
import { parseGoUrl } from '../registries-yaml/go-url.js';
import type { RewriteRule } from '../rewrite.js';
import type { AttemptTls } from './pull-plan.js';

export type ContainerdFlavour = 'k3s' | 'stock';

export interface HostEntry {
  readonly scheme: string;
  /** Empty for the registry itself. */
  readonly host: string;
  readonly path: string;
  readonly capabilities: ReadonlySet<string>;
  readonly tls: AttemptTls | null;
  readonly rewrites: readonly RewriteRule[];
  readonly isRoot: boolean;
}

const everything = new Set(['pull', 'resolve', 'push']);
const knownCapabilities = new Set([...everything, 'referrers']);

/** The hosts in the order in which they are tried; null when containerd rejects the file. */
export function readHostsFile(
  text: string,
  flavour: ContainerdFlavour,
): readonly HostEntry[] | null {
  try {
    const table = parse(text);
    const hosts = Object.entries(tableOf(table.host)).map(([url, settings]) =>
      readEntry(url, tableOf(settings), flavour, false),
    );
    const hasRoot = flavour === 'stock' || table.server !== undefined || hosts.length === 0;
    const server = typeof table.server === 'string' ? table.server : '';
    return hasRoot ? [...hosts, readEntry(server, table, flavour, true)] : hosts;
  } catch {
    // Not TOML, or a value of the wrong kind: containerd logs it and goes on without the file.
    return null;
  }
}

/** What containerd does without any `hosts.toml` for a registry. */
export const implicitHosts: readonly HostEntry[] = [
  {
    scheme: '',
    host: '',
    path: '',
    capabilities: everything,
    tls: null,
    rewrites: [],
    isRoot: true,
  },
];

function readEntry(
  url: string,
  settings: TomlTable,
  flavour: ContainerdFlavour,
  isRoot: boolean,
): HostEntry {
  const address = readServer(url, settings.override_path === true);
  const rewrites = flavour === 'k3s' ? Object.entries(tableOf(settings.rewrite)) : [];
  return {
    ...address,
    capabilities: readCapabilities(settings.capabilities),
    tls: readTls(settings),
    rewrites: rewrites.map(([pattern, replacement]) => ({
      pattern,
      replacement: String(replacement),
    })),
    isRoot,
  };
}

function readServer(
  server: string,
  overridePath: boolean,
): Pick<HostEntry, 'scheme' | 'host' | 'path'> {
  if (server === '') {
    return { scheme: '', host: '', path: '' };
  }
  const parsed = parseGoUrl(server.startsWith('http') ? server : `https://${server}`);
  if (!parsed.ok) {
    throw new Error('unable to parse server');
  }
  const { scheme, host, path } = parsed.value;
  if (path === '') {
    return { scheme, host, path: overridePath ? '' : '/v2' };
  }
  const cleaned = cleanPath(path);
  const needsVersion = !cleaned.endsWith('/v2') && !overridePath;
  return { scheme, host, path: needsVersion ? `${cleaned}/v2` : cleaned };
}

function readCapabilities(value: unknown): ReadonlySet<string> {
  if (!Array.isArray(value) || value.length === 0) {
    return everything;
  }
  const names = value.map((name) => String(name).toLowerCase());
  if (names.some((name) => !knownCapabilities.has(name))) {
    throw new Error('unknown capability');
  }
  return new Set(names);
}

function readTls(settings: TomlTable): AttemptTls | null {
  const caFile = Array.isArray(settings.ca) ? settings.ca[0] : settings.ca;
  const pair = Array.isArray(settings.client) ? settings.client[0] : settings.client;
  const [certFile, keyFile] = Array.isArray(pair) ? pair : [pair];
  const tls: AttemptTls = {
    ...(typeof caFile === 'string' && { caFile }),
    ...(typeof certFile === 'string' && { certFile }),
    ...(typeof keyFile === 'string' && keyFile !== '' && { keyFile }),
    ...(settings.skip_verify === true && { insecureSkipVerify: true }),
  };
  return Object.keys(tls).length === 0 ? null : tls;
}

function tableOf(value: unknown): TomlTable {
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (value !== undefined && !isTable) {
    throw new Error('a table is needed');
  }
  // A TOML value that is an object and no array is a table; dates do not occur in this file.
  return (value ?? {}) as TomlTable;
}
