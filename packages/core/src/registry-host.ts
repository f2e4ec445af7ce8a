/**
 * Registry addresses: what people paste, and the one canonical form that is stored.
 *
 *   address := host [ ":" port ]        lower case, no scheme, no path, no trailing dot or slash
 *   host    := DNS name | IPv4 | "[" IPv6 "]"
 *
 * A scheme and a path are taken off and handed back (connection setting, credential scope); the
 * API roots `/v1/` and `/v2/` are no path. The Docker Hub names `docker.io`, `index.docker.io`,
 * `registry-1.docker.io` and `registry.hub.docker.com` are one identity, `docker.io`.
 *
 * Source: distribution/reference v0.6.0 (what can stand before the first slash of an image name),
 * RFC 1035 lengths, RFC 3986 authority. Pure, so the console runs it on every keystroke.
 *
 * Does not handle wildcards, several addresses at once, and names that an image reference could
 * never select (`harbor` without a dot or port).
 */
import type { AddressError } from './address-error.js';
import { parseCredentialScope } from './credential-scope.js';
import { dockerHubRegistry, isDockerHub } from './docker-hub.js';
import { isRegistryName } from './image-reference.js';
import { explainBadHost, explainDockerHubLookalike, suggestAscii } from './registry-host-hints.js';
import { Err, Ok, type Result } from './result.js';

export type AddressScheme = 'http' | 'https';

/** One thing that normalising changed, for showing beside the field. */
export interface AddressAdjustment {
  readonly code:
    | 'address.blanks-removed'
    | 'address.scheme-removed'
    | 'address.lower-cased'
    | 'address.api-path-removed'
    | 'address.path-to-scope'
    | 'address.trailing-slash-removed'
    | 'address.trailing-dot-removed'
    | 'address.ipv6-shortened'
    | 'address.docker-hub-alias';
  readonly from: string;
  readonly to: string;
}

export interface RegistryAddress {
  readonly address: string;
  /** The scheme that was written, or null. */
  readonly scheme: AddressScheme | null;
  /** What becomes the credential's scope, or null. */
  readonly path: string | null;
  readonly adjustments: readonly AddressAdjustment[];
}

type Parsed<T> = Result<T, AddressError>;

// A host of 253 (RFC 1035), a port and a repository path of 255 fit twice over.
const inputMaxLength = 1024;
/** RFC 1035 section 2.3.4, without the root's dot. */
const hostMaxLength = 253;

interface Draft {
  readonly rest: string;
  readonly scheme: AddressScheme | null;
  readonly adjustments: AddressAdjustment[];
}

export function parseRegistryAddress(input: string): Parsed<RegistryAddress> {
  const opened = openInput(input);
  if (!opened.ok) return opened;
  const { rest, scheme, adjustments } = opened.value;

  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = parsePath(slash < 0 ? '' : rest.slice(slash), adjustments);
  const address = parseAuthority(authority, scheme, adjustments);
  // The host is the more important complaint: a wrong host makes any remark on the path moot.
  if (!address.ok) return address;
  if (!path.ok) return path;
  return Ok({ address: address.value, scheme, path: path.value, adjustments });
}

function openInput(input: string): Parsed<Draft> {
  const adjustments: AddressAdjustment[] = [];
  if (input.length > inputMaxLength) {
    return refuse('address.too-long', `Longer than ${inputMaxLength} characters.`);
  }
  const text = input.trim();
  if (text === '') return refuse('address.empty', 'An address is needed, such as ghcr.io.');
  if (text !== input) {
    adjustments.push({ code: 'address.blanks-removed', from: input, to: text });
  }
  const written = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text);
  const rest = written === null ? text : text.slice(written[0].length);
  const refusal = refuseParts(rest);
  if (refusal !== null) return Err(refusal);
  const scheme = written === null ? null : (written[1]?.toLowerCase() ?? '');
  if (scheme === null) return Ok({ rest, scheme, adjustments });
  if (scheme !== 'http' && scheme !== 'https') {
    return refuse('address.bad-scheme', 'Only http and https are possible.', rest);
  }
  adjustments.push({ code: 'address.scheme-removed', from: text, to: rest });
  return Ok({ rest, scheme, adjustments });
}

/** Parts of a URL that have no place in an address; user info first, since it may be a secret. */
function refuseParts(rest: string): AddressError | null {
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    return complain(
      'address.userinfo',
      'An address holds no user name or password; they belong into the credential.',
      rest.slice(at + 1).split(/[?#]/, 1)[0],
    );
  }
  const query = rest.search(/[?#]/);
  if (query >= 0) {
    return complain(
      'address.query',
      'An address has no query and no fragment.',
      rest.slice(0, query),
    );
  }
  return null;
}

function parsePath(text: string, adjustments: AddressAdjustment[]): Parsed<string | null> {
  if (text === '') return Ok(null);
  const lower = text.toLowerCase();
  const bare = lower.replace(/^\/v[12](?=\/|$)/, '');
  if (bare !== lower) {
    adjustments.push({ code: 'address.api-path-removed', from: text, to: bare });
  }
  const scope = parseCredentialScope(bare);
  if (!scope.ok) {
    return refuse(
      'address.bad-path',
      `The path cannot become a credential's scope. ${scope.error.detail}`,
      scope.error.suggestion,
    );
  }
  if (scope.value !== '') {
    adjustments.push({ code: 'address.path-to-scope', from: text, to: scope.value });
    return Ok(scope.value);
  }
  if (bare === lower) {
    adjustments.push({ code: 'address.trailing-slash-removed', from: text, to: '' });
  }
  return Ok(null);
}

function parseAuthority(
  text: string,
  scheme: AddressScheme | null,
  adjustments: AddressAdjustment[],
): Parsed<string> {
  if (/[^\x20-\x7e]/.test(text)) {
    const detail = 'The host name is not plain ASCII; such names often imitate another one.';
    return refuse('address.not-ascii', detail, suggestAscii(text));
  }
  const lower = text.toLowerCase();
  if (lower !== text) adjustments.push({ code: 'address.lower-cased', from: text, to: lower });
  const split = splitPort(lower);
  if (!split.ok) return split;
  const host = parseHost(split.value.host, adjustments);
  if (!host.ok) return host;
  return settleIdentity({ host: host.value, port: split.value.port, scheme }, adjustments);
}

function splitPort(text: string): Parsed<{ host: string; port: string }> {
  if (/^\[[^\]]*%/.test(text)) {
    const zoneless = text.replace(/%[^\]]*/, '');
    return refuse('address.ipv6-zone', 'An image name cannot hold an IPv6 zone.', zoneless);
  }
  const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(text);
  const host = match?.[1];
  if (host === undefined) return Err(explainBadHost(text));
  const port = match?.[2];
  if (port === undefined) return Ok({ host, port: '' });
  if (/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65_535) {
    return Ok({ host, port: `:${port}` });
  }
  // More than one colon outside brackets is an IPv6 address, not a port.
  if (port.includes(':')) return Err(explainBadHost(text));
  return refuse('address.bad-port', 'A port is a number from 1 to 65535.', host);
}

function parseHost(text: string, adjustments: AddressAdjustment[]): Parsed<string> {
  if (text.startsWith('[')) return parseIpv6(text, adjustments);
  const host = text.endsWith('.') ? text.slice(0, -1) : text;
  if (host !== text) {
    adjustments.push({ code: 'address.trailing-dot-removed', from: text, to: host });
  }
  if (host.length > hostMaxLength) {
    return refuse('address.too-long', `A host name has at most ${hostMaxLength} characters.`);
  }
  const labels = host.split('.');
  if (!isRegistryName(host) || labels.some((label) => label.length > 63)) {
    return Err(explainBadHost(host));
  }
  return looksNumeric(labels) && !isIpv4(labels)
    ? refuse(
        'address.bad-ip',
        'An IPv4 address is four numbers from 0 to 255 without leading zeros.',
      )
    : Ok(host);
}

/** WHATWG URL, "ends in a number": such a host is an IPv4 address or nothing. */
function looksNumeric(labels: readonly string[]): boolean {
  return /^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '');
}

function isIpv4(labels: readonly string[]): boolean {
  return (
    labels.length === 4 &&
    labels.every((label) => /^(?:0|[1-9][0-9]{0,2})$/.test(label) && Number(label) <= 255)
  );
}

function parseIpv6(text: string, adjustments: AddressAdjustment[]): Parsed<string> {
  const url = `http://${text}/`;
  if (!URL.canParse(url)) return refuse('address.bad-ip', 'Not an IPv6 address in brackets.');
  const short = new URL(url).hostname;
  if (short !== text) adjustments.push({ code: 'address.ipv6-shortened', from: text, to: short });
  return Ok(short);
}

interface Authority {
  readonly host: string;
  readonly port: string;
  readonly scheme: AddressScheme | null;
}

function settleIdentity(
  { host, port, scheme }: Authority,
  adjustments: AddressAdjustment[],
): Parsed<string> {
  const lookalike = explainDockerHubLookalike(host, port);
  if (lookalike !== null) return Err(lookalike);
  if (isDockerHub(host)) {
    if (host !== dockerHubRegistry) {
      adjustments.push({ code: 'address.docker-hub-alias', from: host, to: dockerHubRegistry });
    }
    return Ok(dockerHubRegistry);
  }
  if (port === '' && host !== 'localhost' && !/[.[]/.test(host)) {
    return refuse(
      'address.no-dot',
      'An image name reads a first part without dot and port as a Docker Hub repository.',
      nameWithDot(host, scheme),
    );
  }
  return Ok(`${host}${port}`);
}

/** Hosts that people abbreviate; otherwise the port makes the name selectable. */
function nameWithDot(host: string, scheme: AddressScheme | null): string {
  const known = ['ghcr.io', 'quay.io', 'gcr.io'].find((name) => name.startsWith(`${host}.`));
  return known ?? `${host}:${scheme === 'http' ? '80' : '443'}`;
}

function complain(code: AddressError['code'], detail: string, suggestion?: string): AddressError {
  return suggestion ? { code, detail, suggestion } : { code, detail };
}

function refuse(
  code: AddressError['code'],
  detail: string,
  suggestion?: string,
): { readonly ok: false; readonly error: AddressError } {
  return Err(complain(code, detail, suggestion));
}
