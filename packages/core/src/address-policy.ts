/**
 * Which IP addresses may be dialled for registries, token realms and clusters.
 *
 * Users choose the hosts, so the server must not be talked into reaching itself, its link, or the
 * machine's metadata service. Public and private addresses are allowed (registries on private
 * networks are the purpose); everything else is refused unless the operator lists its network.
 * An IPv6 address that carries an IPv4 address is judged by that one. What cannot be parsed, and
 * what nobody has assigned, is refused.
 *
 * Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 1918, 4193 (private), 6598
 * (shared), 6052 (NAT64), 8215 (local NAT64), 3056 (6to4), 4380 (Teredo), 4291; metadata addresses
 * from the clouds' documentation.
 *
 * Deliberately not handled: names (the caller resolves them and checks each address it dials) and
 * ports.
 */
import {
  type IpAddress,
  type IpNetwork,
  isNetworkBase,
  networkContains,
  parseIpAddress,
  parseIpNetwork,
} from './ip-address.js';
import { Err, Ok, type Result } from './result.js';

export type DialReason =
  | 'public'
  | 'private'
  | 'configured'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'multicast'
  | 'broadcast'
  | 'unspecified'
  | 'reserved'
  | 'unparsable';

export interface DialDecision {
  readonly allowed: boolean;
  readonly reason: DialReason;
}

export interface AllowedNetworks {
  readonly networks: readonly IpNetwork[];
}

export interface AllowedNetworksError {
  readonly code: 'networks.bad-entry' | 'networks.not-a-base';
  /** The entry as written, cut short. */
  readonly entry: string;
  readonly detail: string;
}

export const noAllowedNetworks: AllowedNetworks = { networks: [] };

/** Comma-separated CIDR blocks or single addresses; empty text means none. */
export function parseAllowedNetworks(csv: string): Result<AllowedNetworks, AllowedNetworksError> {
  const networks: IpNetwork[] = [];
  for (const entry of csv.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const network = parseIpNetwork(entry);
    const shown = entry.slice(0, 64);
    if (network === null) {
      const detail = 'An entry is a CIDR block such as 127.0.0.0/8 or fd00::/8, or one address.';
      return Err({ code: 'networks.bad-entry', entry: shown, detail });
    }
    // `10.1.0.0/8` is a typing error for a wider or a narrower block; both readings are risky.
    if (!isNetworkBase(network)) {
      const detail = 'Bits behind the prefix length are set; write the first address of the block.';
      return Err({ code: 'networks.not-a-base', entry: shown, detail });
    }
    networks.push(network);
  }
  return Ok({ networks });
}

/** Fails closed: only `public`, `private` and `configured` are allowed. */
export function decideDialAddress(
  ip: string,
  allowed: AllowedNetworks = noAllowedNetworks,
): DialDecision {
  const address = parseIpAddress(ip);
  if (address === null) return { allowed: false, reason: 'unparsable' };
  const inner = embeddedIpv4(address);
  const judged = inner ?? address;
  const isConfigured = allowed.networks.some(
    (network) => networkContains(network, address) || networkContains(network, judged),
  );
  if (isConfigured) return { allowed: true, reason: 'configured' };
  const reason = classify(judged);
  return { allowed: reason === 'public' || reason === 'private', reason };
}

type Table = readonly (readonly [DialReason, IpNetwork])[];

function table(rows: readonly (readonly [DialReason, string])[]): Table {
  return rows.map(([reason, cidr]) => {
    const network = parseIpNetwork(cidr);
    if (network === null) throw new Error(`Not a network: ${cidr}`);
    return [reason, network];
  });
}

// First match decides, so exceptions stand before the block they are in.
const ipv4Table = table([
  ['metadata', '169.254.169.254/32'], // AWS, Azure, Google, OpenStack and others
  ['metadata', '169.254.170.2/32'], // AWS ECS task credentials
  ['metadata', '169.254.170.23/32'], // AWS EKS pod identity
  ['metadata', '100.100.100.200/32'], // Alibaba Cloud, inside the shared range
  ['metadata', '168.63.129.16/32'], // Azure's platform endpoint, a public address
  ['unspecified', '0.0.0.0/8'],
  ['private', '10.0.0.0/8'],
  ['private', '100.64.0.0/10'], // RFC 6598: node and pod networks of several clouds
  ['loopback', '127.0.0.0/8'],
  ['link-local', '169.254.0.0/16'],
  ['private', '172.16.0.0/12'],
  ['reserved', '192.0.0.0/24'],
  ['reserved', '192.0.2.0/24'],
  ['reserved', '192.88.99.0/24'],
  ['private', '192.168.0.0/16'],
  ['reserved', '198.18.0.0/15'],
  ['reserved', '198.51.100.0/24'],
  ['reserved', '203.0.113.0/24'],
  ['multicast', '224.0.0.0/4'],
  ['broadcast', '255.255.255.255/32'],
  ['reserved', '240.0.0.0/4'],
  ['public', '0.0.0.0/0'],
]);

const ipv6Table = table([
  ['metadata', 'fd00:ec2::/32'], // AWS: ::254 metadata, ::23 pod identity; the rest is its own, too
  ['metadata', 'fd20:ce::254/128'], // Google
  ['unspecified', '::/128'],
  ['loopback', '::1/128'],
  ['private', 'fc00::/7'],
  ['link-local', 'fe80::/10'],
  ['multicast', 'ff00::/8'],
  ['reserved', '2001::/23'], // IETF protocol assignments, Teredo among them
  ['reserved', '2001:db8::/32'],
  ['reserved', '3fff::/20'],
  ['public', '2000::/3'],
  // Everything outside 2000::/3 is unassigned, deprecated or of local meaning.
  ['reserved', '::/0'],
]);

// Where the IPv4 address begins, by prefix. NAT64 with other prefixes cannot be recognised.
const embeddings: readonly (readonly [IpNetwork, number])[] = [
  ...table([
    ['public', '::ffff:0:0/96'], // IPv4-mapped
    ['public', '64:ff9b::/96'], // NAT64, RFC 6052
  ]).map(([, network]) => [network, 12] as const),
  ...table([['public', '2002::/16']]).map(([, network]) => [network, 2] as const), // 6to4
];

function embeddedIpv4(address: IpAddress): IpAddress | null {
  const found = embeddings.find(([network]) => networkContains(network, address));
  return found === undefined ? null : { bytes: address.bytes.slice(found[1], found[1] + 4) };
}

function classify(address: IpAddress): DialReason {
  const rows = address.bytes.length === 4 ? ipv4Table : ipv6Table;
  return rows.find(([, network]) => networkContains(network, address))?.[0] ?? 'reserved';
}
