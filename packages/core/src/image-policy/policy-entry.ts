/**
 * One entry of a whitelist, and the form of a default registry: a registry or a path on one.
 *
 *   entry := registry [ "/" path ]      registry as in registry-host.ts, path as in repository-path.ts
 *
 * An entry covers itself and everything below it at a path boundary: `ghcr.io/org` covers
 * `ghcr.io/org/app`, never `ghcr.io/organic`, and `reg.io` never `reg.io.evil.com`. Docker Hub's
 * names are one registry. A path on Docker Hub is taken as written: the official images are
 * `docker.io/library`, and `docker.io/team` is what the account `team` publishes.
 *
 * Unlike an address, an entry keeps a leading `v1` or `v2` of its path: dropping it would allow
 * the whole registry. Written with a scheme that path is an API root, and refused as ambiguous.
 * Does not handle wildcards, tags and digests.
 */
import type { AddressError } from '../address-error.js';
import { type CredentialScopeError, parseCredentialScope } from '../credential-scope.js';
import { canonicalRegistry } from '../docker-hub.js';
import type { ImageReference } from '../image-reference.js';
import { parseRegistryAddress } from '../registry-host.js';
import { Err, Ok, type Result } from '../result.js';

export interface PolicyEntry {
  /** Canonical address: `docker.io` for each of Docker Hub's names. */
  readonly registry: string;
  /** Without slashes at the ends; empty = the whole registry. */
  readonly path: string;
}

export interface PolicyEntryError {
  /** The entry as written, without a user name or password, cut to a printable length. */
  readonly entry: string;
  readonly code:
    | AddressError['code']
    | CredentialScopeError['code']
    | 'entry.blank-inside'
    | 'entry.several'
    | 'entry.api-path';
  readonly detail: string;
  readonly suggestion?: string;
}

export function parsePolicyEntry(text: string): Result<PolicyEntry, PolicyEntryError> {
  const entry = text.trim();
  if (/\s/.test(entry)) {
    const detail = 'Entries are separated by commas, not by blanks or line breaks.';
    return refuse(entry, { code: 'entry.blank-inside', detail }, entry.split(/\s+/).join(', '));
  }
  if (entry.includes(',')) {
    const detail = 'Name one registry here, without commas.';
    const [first = ''] = entry.split(',');
    return refuse(entry, { code: 'entry.several', detail }, first.trim());
  }
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(entry)?.[0] ?? '';
  const rest = entry.slice(scheme.length);
  const slash = rest.indexOf('/');
  const path = parseCredentialScope(slash < 0 ? '' : rest.slice(slash));
  const address = parseRegistryAddress(`${scheme}${slash < 0 ? rest : rest.slice(0, slash)}`);
  // The host first: a wrong host makes any remark on the path moot.
  if (!address.ok) return refuse(entry, address.error, address.error.suggestion);
  const registry = address.value.address;
  if (!path.ok) {
    const { suggestion } = path.error;
    return refuse(entry, path.error, suggestion && `${registry}/${suggestion}`);
  }
  if (scheme !== '' && /^v[12]$/.test(path.value)) {
    const detail = 'This is the address of a registry API. Write the registry without it.';
    return refuse(entry, { code: 'entry.api-path', detail }, registry);
  }
  return Ok({ registry, path: path.value });
}

export function formatPolicyEntry({ registry, path }: PolicyEntry): string {
  return path === '' ? registry : `${registry}/${path}`;
}

/** True when every image that `inner` covers is covered by `outer` too. */
export function entryContains(outer: PolicyEntry, inner: PolicyEntry): boolean {
  return `${formatPolicyEntry(inner)}/`.startsWith(`${formatPolicyEntry(outer)}/`);
}

/** True for an image of the entry's registry, by any of its names, at or below its path. */
export function entryCovers(entry: PolicyEntry, image: ImageReference): boolean {
  return entryContains(entry, {
    registry: canonicalRegistry(image.registry),
    path: image.repository,
  });
}

function refuse(
  entry: string,
  error: Pick<PolicyEntryError, 'code' | 'detail'>,
  suggestion: string | undefined,
): { readonly ok: false; readonly error: PolicyEntryError } {
  // What stands before an `@` may be a password; 80 characters are enough to recognise the rest.
  const plain = entry.slice(entry.lastIndexOf('@') + 1);
  const shown = plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
  const { code, detail } = error;
  return Err(
    suggestion ? { entry: shown, code, detail, suggestion } : { entry: shown, code, detail },
  );
}
