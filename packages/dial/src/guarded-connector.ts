import type { LookupFunction } from 'node:net';
import type { DialPolicy } from './dial-policy.js';
import { assertDialableHost, createGuardedLookup } from './guarded-lookup.js';

/** The shape of undici's connectors, without depending on undici. */
export type Connector<O, C> = (options: O, callback: C) => void;

/**
 * Wraps a connector (undici's `buildConnector` result, made with `createGuardedLookup`) so that
 * hosts that are addresses are checked too. A refusal arrives as the connector's error.
 */
export function guardConnector<
  O extends { readonly hostname: string },
  C extends (error: Error, socket: null) => void,
>(policy: DialPolicy, connector: Connector<O, C>): Connector<O, C> {
  return (options, callback) => {
    try {
      assertDialableHost(options.hostname, policy);
    } catch (refusal) {
      const error = refusal instanceof Error ? refusal : new Error('refused', { cause: refusal });
      // Asynchronously, as a real connection attempt would answer.
      queueMicrotask(() => callback(error, null));
      return;
    }
    connector(options, callback);
  };
}

/**
 * Options for one `net.connect`, `tls.connect` or `http(s).request`. Throws `DialRefusedError` at
 * once for an address; for a name the guarded lookup decides when the socket asks.
 */
export function guardedConnectOptions(
  host: string,
  policy: DialPolicy,
): { readonly host: string; readonly lookup: LookupFunction } {
  assertDialableHost(host, policy);
  return { host, lookup: createGuardedLookup(policy) };
}
