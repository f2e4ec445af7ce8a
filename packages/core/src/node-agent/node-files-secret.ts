/**
 * The files of a node config as the keys of one Secret, and back:
 *
 *     registries.yaml                      as it is
 *     hosts.toml.<host>_<port>_            certs.d/<host>:<port>/hosts.toml
 *     hosts.toml._default                  certs.d/_default/hosts.toml
 *     tls.<name>                           a certificate or key of that name
 *
 * Keys of a Secret are made of letters, digits, `-`, `_` and `.`; a colon before a port becomes
 * `_…_` as in containerd's own folder names, any other character (`[`, `]` and `:` of IPv6) its code
 * point, `_x5b_`. Host names hold no `_`, so the way back is unambiguous.
 *
 * The `hosts.toml` are those that K3s and RKE2 would write from the `registries.yaml` beside them,
 * with their default flags. They hold no secret.
 *
 * Does not handle: a node started with `--disable-default-registry-endpoint` or an embedded
 * registry; its agent renders `hosts.toml` itself (`arrange-node-files.ts`).
 */
import type { NodeDistribution, NodeFile } from '../node-config/model.js';
import { hostOptionsOf } from '../registries-yaml/check.js';
import { documentMaxBytes } from '../registries-yaml/index.js';
import { loadRegistriesYaml } from '../registries-yaml/load.js';
import { Err, Ok, type Result } from '../result.js';
import { utf8Size } from '../utf8-base64.js';
import { renderHosts } from './rendered-hosts.js';

export const registriesKey = 'registries.yaml';
const hostsPrefix = 'hosts.toml.';
const tlsPrefix = 'tls.';

/** `MaxSecretSize` of Kubernetes (pkg/apis/core/types.go): all values of `data` together. */
export const nodeFilesMaxBytes = 1_048_576;

export interface NodeFilesTooLarge {
  readonly code: 'node-config.too-large';
  readonly detail: string;
}

/** The data of the Secret by key, in the order of the keys; the same files give the same data. */
export function encodeNodeFiles(
  files: readonly NodeFile[],
  distribution: NodeDistribution,
): Result<Readonly<Record<string, string>>, NodeFilesTooLarge> {
  const document = files.find(({ path }) => nameOf(path) === registriesKey)?.content ?? '';
  const { loads, file } = loadRegistriesYaml(document);
  const hosts = loads ? renderHosts(file, hostOptionsOf({ distribution })) : [];
  const entries = [
    ...files.map(({ path, content }) => [fileKey(path), content] as const),
    ...hosts.map(([name, content]) => [hostsKey(name), content] as const),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const tooLarge = findTooLarge(entries);
  return tooLarge === null ? Ok(Object.fromEntries(entries)) : Err(tooLarge);
}

function findTooLarge(entries: readonly (readonly [string, string])[]): NodeFilesTooLarge | null {
  const sizes = entries.map(([key, content]) => [key, utf8Size(content)] as const);
  const registries = sizes.find(([key]) => key === registriesKey)?.[1] ?? 0;
  if (registries > documentMaxBytes) {
    return tooLarge(
      `registries.yaml takes ${registries} bytes; nodes are given ${documentMaxBytes} at most.`,
    );
  }
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (total <= nodeFilesMaxBytes) return null;
  const [largest = ['', 0] as const] = sizes.toSorted(([, a], [, b]) => b - a);
  return tooLarge(
    `All files of the node config together take ${total} bytes; a Secret holds ${nodeFilesMaxBytes} at most. The largest is ${largest[0]} with ${largest[1]} bytes.`,
  );
}

function tooLarge(detail: string): NodeFilesTooLarge {
  const advice =
    'Remove mirrors or registries from the nodes, or certificates that are not needed.';
  return { code: 'node-config.too-large', detail: `${detail} ${advice}` };
}

function fileKey(path: string): string {
  const name = nameOf(path);
  return name === registriesKey ? name : `${tlsPrefix}${name}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The key of the `hosts.toml` in a folder of `certs.d`. */
export function hostsKey(directory: string): string {
  if (directory === '_default') return `${hostsPrefix}${directory}`;
  const port = /^(.+):(\d+)$/.exec(directory);
  const [host, suffix] = port === null ? [directory, ''] : [port[1] ?? '', `_${port[2]}_`];
  return `${hostsPrefix}${encodeName(host)}${suffix}`;
}

function encodeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/gu, (char) => `_x${char.codePointAt(0)?.toString(16)}_`);
}

export type NodeFileKey =
  | { readonly kind: 'registries' }
  | { readonly kind: 'hosts'; readonly directory: string }
  | { readonly kind: 'tls'; readonly name: string };

/** What a key of the Secret stands for; null for a key of somebody else's. */
export function parseNodeFileKey(key: string): NodeFileKey | null {
  if (key === registriesKey) return { kind: 'registries' };
  if (key.startsWith(tlsPrefix)) {
    const name = key.slice(tlsPrefix.length);
    return isSafeName(name) ? { kind: 'tls', name } : null;
  }
  if (!key.startsWith(hostsPrefix)) return null;
  const name = key.slice(hostsPrefix.length);
  if (name === '_default') return { kind: 'hosts', directory: name };
  const directory = decodeName(name.replace(/_(\d+)_$/, ':$1'));
  return isSafeName(directory) ? { kind: 'hosts', directory } : null;
}

function decodeName(name: string): string {
  return name.replace(/_x([0-9a-f]{1,5})_/g, (_, code) =>
    String.fromCodePoint(Number.parseInt(code, 16)),
  );
}

/** One folder or file, wherever it comes from: no way up or down, nothing hidden, nothing endless. */
function isSafeName(name: string): boolean {
  return (
    /^[A-Za-z0-9_[][A-Za-z0-9._:[\]-]*$/.test(name) && !name.includes('..') && name.length <= 253
  );
}
