/** Why a text is no registry address; see registry-host.ts for the grammar. */
export interface AddressError {
  readonly code:
    | 'address.empty'
    | 'address.too-long'
    | 'address.bad-scheme'
    | 'address.userinfo'
    | 'address.query'
    | 'address.not-ascii'
    | 'address.wildcard'
    | 'address.bad-host'
    | 'address.bad-ip'
    | 'address.ipv6-zone'
    | 'address.no-dot'
    | 'address.bad-port'
    | 'address.bad-path'
    | 'address.lookalike';
  /** Says what is wrong without repeating the input, which may hold a password. */
  readonly detail: string;
  readonly suggestion?: string;
}
