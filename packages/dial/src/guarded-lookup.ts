/**
 * Guarded dialling: the address that is checked is the address that is connected to.
 *
 * A host name is resolved once, inside the `lookup` that the socket itself calls, and only checked
 * addresses are handed on; there is no second resolution that could answer differently (DNS
 * rebinding). Node does not call `lookup` for a host that is already an address, so a connector
 * has to check those before it dials: `guardConnector`, `guardedConnectOptions`.
 *
 * A name with several addresses is dialled at those that are allowed; it is refused when none is.
 * Does not handle: proxies (whoever speaks to one must check the target itself) and redirects
 * (each hop is a new dial, hence checked anew).
 */
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { decideDialAddress } from '@moorage/core';
import { type DialPolicy, DialRefusedError, type ResolvedAddress } from './dial-policy.js';
import { systemResolve } from './system-resolver.js';

/** The `lookup` option of `net.connect`, `tls.connect`, `http.request` and undici's `connect`. */
export function createGuardedLookup(policy: DialPolicy): LookupFunction {
  return (host, options, callback) => {
    resolveAllowed(host, policy, requestedFamily(options)).then(
      (addresses) => answer(addresses, options, callback),
      (error: unknown) => callback(asErrno(error), ''),
    );
  };
}

/**
 * Resolves a name (or takes an address as it is) and keeps what may be dialled. Rejects with
 * `DialRefusedError` when nothing is left.
 */
export async function resolveAllowed(
  host: string,
  policy: DialPolicy,
  family: 0 | 4 | 6 = 0,
): Promise<readonly ResolvedAddress[]> {
  const literal = literalAddress(host);
  const found = literal === null ? await (policy.resolve ?? systemResolve)(host) : [literal];
  const wanted = found.filter((entry) => family === 0 || entry.family === family);
  let refusal: DialRefusedError | null = null;
  const allowed: ResolvedAddress[] = [];
  for (const entry of wanted) {
    // A resolver is outside: what is not an address must never reach a socket as a host.
    if (isIP(entry.address) === 0) {
      refusal ??= new DialRefusedError(
        host,
        null,
        'the resolver answered with something that is not an address',
      );
      continue;
    }
    const decision = decideDialAddress(entry.address, policy.allowed);
    if (decision.allowed) allowed.push(entry);
    else refusal ??= new DialRefusedError(host, entry.address, decision.reason);
  }
  if (allowed.length > 0) return allowed;
  throw refusal ?? notFound(host);
}

/** Throws when `host` is an address that must not be dialled; a name is left to the lookup. */
export function assertDialableHost(host: string, policy: DialPolicy): void {
  const literal = literalAddress(host);
  if (literal === null) return;
  const decision = decideDialAddress(literal.address, policy.allowed);
  if (!decision.allowed) throw new DialRefusedError(bare(host), literal.address, decision.reason);
}

function literalAddress(host: string): ResolvedAddress | null {
  const address = bare(host);
  const family = isIP(address);
  return family === 0 ? null : { address, family: family === 6 ? 6 : 4 };
}

/** `[::1]`, as hosts stand in URLs, and `::1` are one. */
function bare(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

function requestedFamily(options: LookupOptions): 0 | 4 | 6 {
  if (options.family === 4 || options.family === 'IPv4') return 4;
  if (options.family === 6 || options.family === 'IPv6') return 6;
  return 0;
}

function answer(
  addresses: readonly ResolvedAddress[],
  options: LookupOptions,
  callback: Parameters<LookupFunction>[2],
): void {
  const first = addresses[0];
  if (options.all === true)
    callback(
      null,
      addresses.map((entry): LookupAddress => ({ ...entry })),
    );
  else if (first !== undefined) callback(null, first.address, first.family);
}

function notFound(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address found for ${host}`), {
    code: 'ENOTFOUND',
    hostname: host,
  });
}

function asErrno(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error('the resolver failed', { cause: error });
}
