import type { AllowedNetworks } from '@moorage/core';

/** Which of an answer's addresses; as `dns.lookup` gives them. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves a host name to all of its addresses. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

export interface DialPolicy {
  readonly allowed: AllowedNetworks;
  /** Default: the system's resolver (`dns.lookup`, all families). */
  readonly resolve?: Resolve;
}

/** The name of the variable that widens the policy; part of each refusal's message. */
export const allowedNetworksVariable = 'MOORAGE_ALLOWED_NETWORKS';

/** An address that must not be dialled: no connection was attempted. */
export class DialRefusedError extends Error {
  override readonly name = 'DialRefusedError';
  readonly code = 'dial.address-blocked';
  readonly host: string;
  readonly address: string | null;
  /** Why: the class of the address, such as `loopback`. */
  readonly reason: string;

  constructor(host: string, address: string | null, reason: string) {
    const at = address === null || address === host ? host : `${host} (${address})`;
    super(
      `${at} must not be connected to (${reason}). An administrator can allow its network with ${allowedNetworksVariable}.`,
    );
    this.host = host;
    this.address = address;
    this.reason = reason;
  }
}
