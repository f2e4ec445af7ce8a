/**
 * URLs as Go's `net/url` parses and prints them, which is not how WHATWG's `URL` does: nothing is
 * lower-cased but the scheme, default ports stay, paths are not resolved, a host may be empty.
 * Nodes compare and print endpoints as such text, so a byte of difference is another endpoint.
 *
 *   url := scheme "://" [ userinfo "@" ] host [ ":" port ] [ path ] [ "?" query ] [ "#" fragment ]
 *
 * Source: Go `net/url` (`Parse`, `parseAuthority`, `parseHost`, `URL.String`).
 *
 * Does not handle: opaque URLs (`mailto:x`), IPv6 zones.
 */
import { Err, Ok, type Result } from '../result.js';
import type { UrlProblem } from './url-problem.js';

export interface GoUrl {
  /** Lower case; empty when none was written. */
  readonly scheme: string;
  /** As written, without the `@`; null when there is none. May hold a password. */
  readonly userinfo: string | null;
  /** `host[:port]` as written. */
  readonly host: string;
  /** Decoded. */
  readonly path: string;
  /** As it is printed. */
  readonly escapedPath: string;
  /** With `?`, or empty. */
  readonly query: string;
  /** With `#`, or empty. */
  readonly fragment: string;
}

const encoder = new TextEncoder();

/** Reads text that has `://` in it or begins with `//`; the error says what is wrong with it. */
export function parseGoUrl(text: string): Result<GoUrl, UrlProblem> {
  const hash = text.indexOf('#');
  const fragment = escapeFragment(hash < 0 ? '' : text.slice(hash + 1));
  const beforeFragment = hash < 0 ? text : text.slice(0, hash);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go refuses exactly these.
  if (/[\u0000-\u001f\u007f]/.test(beforeFragment)) {
    return Err('control');
  }
  return fragment === null ? Err('escape') : parseBeforeFragment(beforeFragment, fragment);
}

function parseBeforeFragment(text: string, fragment: string): Result<GoUrl, UrlProblem> {
  const [, scheme = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text) ?? [];
  const rest = scheme === '' ? text : text.slice(scheme.length + 1);
  const mark = rest.indexOf('?');
  const query = mark < 0 ? '' : rest.slice(mark);
  const hierarchy = mark < 0 ? rest : rest.slice(0, mark);
  const bare = { scheme: scheme.toLowerCase(), userinfo: null, host: '' };
  // Go: without a scheme, three slashes begin a path, not a host.
  const hasAuthority =
    hierarchy.startsWith('//') && !(scheme === '' && hierarchy.startsWith('///'));
  if (!hasAuthority) {
    // A path alone, whose first part may not look like a scheme.
    const isPath = hierarchy.startsWith('/') || (scheme === '' && !/^[^/]*:/.test(hierarchy));
    return isPath ? withPath(bare, hierarchy, query, fragment) : Err('scheme');
  }
  const slash = hierarchy.indexOf('/', 2);
  const parsed = parseAuthority(slash < 0 ? hierarchy.slice(2) : hierarchy.slice(2, slash));
  return parsed.ok
    ? withPath(
        { ...bare, ...parsed.value },
        slash < 0 ? '' : hierarchy.slice(slash),
        query,
        fragment,
      )
    : parsed;
}

export function formatGoUrl(url: GoUrl): string {
  const scheme = url.scheme === '' ? '' : `${url.scheme}:`;
  const hasAuthority = url.scheme !== '' || url.host !== '' || url.userinfo !== null;
  const userinfo = url.userinfo === null ? '' : `${url.userinfo}@`;
  const host = escapeNonAscii(url.host);
  const authority = hasAuthority ? `//${userinfo}${host}` : '';
  return `${scheme}${authority}${url.escapedPath}${url.query}${url.fragment}`;
}

/** The same URL with another path, printed as Go prints one that was set after parsing. */
export function withDecodedPath(url: GoUrl, path: string): GoUrl {
  return { ...url, path, escapedPath: path === url.path ? url.escapedPath : encodePath(path) };
}

/** What a request is made to: scheme, host and path. */
export function originAndPath(url: GoUrl): string {
  return formatGoUrl({ ...url, userinfo: null, query: '', fragment: '' });
}

/** A printed URL as people may see it: a login in it is left out. */
export function withoutLogin(url: string): string {
  return url.replace(/^([^:/]*:\/\/)[^/?#]*@/, '$1');
}

/** Go's `URL.Port`: the digits after the last colon, empty when there are none. */
export function portOf(host: string): string {
  return /:([0-9]*)$/.exec(host)?.[1] ?? '';
}

function withPath(
  base: Pick<GoUrl, 'scheme' | 'userinfo' | 'host'>,
  written: string,
  query: string,
  fragment: string,
): Result<GoUrl, UrlProblem> {
  const path = decodePath(written);
  if (path === null) {
    return Err('escape');
  }
  return Ok({ ...base, path, escapedPath: escapePath(written, path), query, fragment });
}

function parseAuthority(authority: string): Result<Pick<GoUrl, 'userinfo' | 'host'>, UrlProblem> {
  const at = authority.lastIndexOf('@');
  const userinfo = at < 0 ? null : authority.slice(0, at);
  if (userinfo !== null && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) {
    return Err('userinfo');
  }
  const host = decodeHost(authority.slice(at + 1));
  const problem = findHostProblem(host);
  return problem === null ? Ok({ userinfo, host }) : Err(problem);
}

function findHostProblem(host: string): UrlProblem | null {
  if (host.startsWith('[')) {
    const close = host.lastIndexOf(']');
    if (close < 0) {
      return 'bracket';
    }
    if (!/^(?::[0-9]*)?$/.test(host.slice(close + 1))) {
      return 'port';
    }
  } else if (host.includes('[')) {
    return 'bracket';
  } else if (host.includes(':') && !/:[0-9]*$/.test(host)) {
    return 'port';
  }
  // Go lets <, > and " pass in a host; space, backslash, ^, `, {, |, } and % escapes it does not.
  return /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]|\P{ASCII})*$/u.test(host) ? null : 'host';
}

// In a host only bytes beyond ASCII may be escaped; they are how Go prints such a host itself.
function decodeHost(host: string): string {
  return host.replace(/(?:%[89A-Fa-f][0-9A-Fa-f])+/g, (escaped) => decodePath(escaped) ?? escaped);
}

function decodePath(written: string): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(written)) {
    return null;
  }
  try {
    return decodeURIComponent(written);
  } catch {
    // Escapes that are not UTF-8: Go keeps the bytes, JavaScript cannot; the written form stays.
    return written;
  }
}

// Go prints a path as written when it is a valid encoding, and encodes it afresh otherwise.
function escapePath(written: string, path: string): string {
  if (/^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/%]*$/.test(written)) {
    return written;
  }
  return encodePath(path);
}

function encodePath(path: string): string {
  return Array.from(path, (char) =>
    /^[A-Za-z0-9\-_.~$&+,/:;=@]$/.test(char) ? char : percentEncode(char),
  ).join('');
}

/** With `#`; null when an escape in it is invalid. A fragment may hold what no other part may. */
function escapeFragment(written: string): string | null {
  if (written === '') {
    return '';
  }
  const text = decodePath(written);
  if (text === null || /^[A-Za-z0-9\-_.~!$&'()*+,;=:@/?%[\]]*$/.test(written)) {
    return text === null ? null : `#${written}`;
  }
  const escaped = Array.from(text, (char) =>
    /^[A-Za-z0-9\-_.~$&+,/:;=?@!()*]$/.test(char) ? char : percentEncode(char),
  );
  return `#${escaped.join('')}`;
}

function escapeNonAscii(host: string): string {
  return host.replace(/\P{ASCII}+/gu, percentEncode);
}

function percentEncode(text: string): string {
  const hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return Array.from(encoder.encode(text), hex).join('');
}
