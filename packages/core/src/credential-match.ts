/**
 * Which keys of a pull secret the kubelet uses for an image, and in which order.
 *
 *   key := [http[s]://] host-glob [":" port] ["/" path]
 *
 * 1. The scheme goes; a path starting `/v1/` or `/v2/` loses those three characters; query,
 *    fragment and user info do not count. What remains is the index key.
 * 2. Index keys are tried in reverse lexical order, so longer paths of a host come first.
 * 3. A key matches when the port text is equal (none is not 443), both hosts have the same number
 *    of dot-separated labels, each label globs (`filepath.Match`), and the image's path starts with
 *    the key's path as a plain string: `quay.io/core` matches `quay.io/coreos/etcd`.
 * 4. All matches count, the kubelet tries one after the other. Only if none matched and the image
 *    is on Docker Hub, the index key `index.docker.io` counts.
 *
 * Source: kubernetes `pkg/credentialprovider/keyring.go` (Add, Lookup, URLsMatch,
 * isDefaultRegistryMatch) and Go's `net/url`, `path/filepath`. The image is compared without tag
 * and digest, in its normalised form.
 *
 * Where the kubelet itself has no order (several keys that come to the same index key: it ranges
 * over a Go map) the order of the input is kept.
 */
import { compareText } from './compare-text.js';
import { matchGlob } from './filepath-match.js';
import type { ImageReferenceError } from './image-reference.js';
import { parseImageReference, repositoryName } from './image-reference.js';
import { Ok, type Result } from './result.js';

// `isDefaultRegistryMatch` also covers names without a registry; a normalised name always has one.
const dockerHubImagePrefix = 'docker.io/';
const dockerHubFallbackKey = 'index.docker.io';

interface IndexedKey {
  readonly key: string;
  readonly indexKey: string;
}

/** The matching keys, as written, in the order in which the kubelet tries them. */
export function matchDockerConfigKeys(
  keys: readonly string[],
  image: string,
): Result<readonly string[], ImageReferenceError> {
  const reference = parseImageReference(image);
  if (!reference.ok) return reference;
  return Ok(matchKeysForRepository(keys, repositoryName(reference.value)));
}

/** The same for a normalised `registry/repository`. */
export function matchKeysForRepository(keys: readonly string[], name: string): readonly string[] {
  const indexed = indexKeys(keys);
  const matched = indexed.filter(({ indexKey }) => matchesName(indexKey, name));
  if (matched.length > 0 || !name.startsWith(dockerHubImagePrefix)) {
    return matched.map(({ key }) => key);
  }
  return indexed.filter(({ indexKey }) => indexKey === dockerHubFallbackKey).map(({ key }) => key);
}

/** Keys that Go cannot parse as a URL are skipped, as the kubelet logs and skips them. */
function indexKeys(keys: readonly string[]): readonly IndexedKey[] {
  const indexed: IndexedKey[] = [];
  for (const key of keys) {
    const indexKey = toIndexKey(key);
    if (indexKey !== null) indexed.push({ key, indexKey });
  }
  // Stable, so equal index keys keep the order of the input.
  return indexed.toSorted((a, b) => compareText(b.indexKey, a.indexKey));
}

function toIndexKey(key: string): string | null {
  // Case-sensitive in the kubelet: `HTTPS://x` becomes the host `HTTPS:`, which has no valid port.
  const url = parseSchemeless(key.replace(/^https?:\/\//, ''));
  if (url === null) return null;
  const path = /^\/v[12]\//.test(url.path) ? url.path.slice(3) : url.path;
  return path === '/' ? url.host : url.host + path;
}

function matchesName(indexKey: string, name: string): boolean {
  const glob = parseSchemeless(indexKey);
  const target = parseSchemeless(name);
  if (glob === null || target === null) return false;
  const wanted = splitHost(glob.host);
  const actual = splitHost(target.host);
  return (
    wanted.port === actual.port &&
    wanted.labels.length === actual.labels.length &&
    target.path.startsWith(glob.path) &&
    wanted.labels.every((label, index) => matchGlob(label, actual.labels[index] ?? ''))
  );
}

interface SchemelessUrl {
  readonly host: string;
  readonly path: string;
}

/**
 * `url.Parse("https://" + text)` as far as host and path go; null where Go reports an error.
 * Go parses the index key a second time, percent-decoded; so does this.
 */
function parseSchemeless(text: string): SchemelessUrl | null {
  // Go refuses control characters anywhere in a URL before looking at its parts.
  if (Array.from(text).some((char) => char < ' ' || char === '\u007f')) return null;
  const rest = text.split(/[?#]/, 1)[0] ?? '';
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : decodePath(rest.slice(slash));
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return path === null || !isGoHost(host) ? null : { host, path };
}

function decodePath(path: string): string | null {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    // Go reports an invalid escape, too. (It would keep bytes that are not UTF-8, which no
    // repository name can contain.)
    return null;
  }
}

/**
 * net/url `parseHost`: the characters of RFC 3986 hosts plus `<>"`, and a numeric port. A bracket
 * behind the start has been an error since Go 1.26 and the security releases before it, so a
 * character class in a host never matches in a current kubelet.
 */
function isGoHost(host: string): boolean {
  if (/[\s\\^`{|}%]/.test(host) || host.lastIndexOf('[') > 0) return false;
  const port = host.startsWith('[')
    ? /^\[[^\]]*\](.*)$/.exec(host)?.[1]
    : (/:[^:]*$/.exec(host)?.[0] ?? '');
  return port !== undefined && /^(?::[0-9]*)?$/.test(port);
}

/** net.SplitHostPort; where that fails, Go takes everything as host. */
function splitHost(host: string): { readonly labels: readonly string[]; readonly port: string } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(host);
  const name = match?.[1] ?? match?.[2] ?? host;
  return { labels: name.split('.'), port: match?.[3] ?? '' };
}
