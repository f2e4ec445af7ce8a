/**
 * IP addresses and CIDR blocks as bytes.
 *
 *   IPv4 := four decimal numbers 0–255 without leading zeros
 *   IPv6 := RFC 4291 section 2.2, all three forms, no zone
 *   CIDR := address "/" prefix-length
 *
 * Strict on purpose: the historic spellings (`127.1`, `0x7f.1`, `017700000001`) mean different
 * addresses to different parsers, so they mean nothing here.
 */
export interface IpAddress {
  /** 4 or 16 bytes in network order. */
  readonly bytes: readonly number[];
}

export interface IpNetwork extends IpAddress {
  readonly prefixLength: number;
}

export function parseIpAddress(text: string): IpAddress | null {
  // The longest form has 45 characters (RFC 4291 with an embedded IPv4 address).
  if (text.length > 45) return null;
  const bytes = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return bytes === null ? null : { bytes };
}

/** Null for anything malformed; an address alone is a network of one. */
export function parseIpNetwork(text: string): IpNetwork | null {
  const [head = '', length, ...rest] = text.split('/');
  const address = parseIpAddress(head);
  if (address === null || rest.length > 0) return null;
  const bits = address.bytes.length * 8;
  if (length === undefined) return { bytes: address.bytes, prefixLength: bits };
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > bits) return null;
  return { bytes: address.bytes, prefixLength: Number(length) };
}

export function networkContains(network: IpNetwork, address: IpAddress): boolean {
  if (network.bytes.length !== address.bytes.length) return false;
  return network.bytes.every((byte, index) => {
    const mask = byteMask(network.prefixLength, index);
    return (byte & mask) === ((address.bytes[index] ?? 0) & mask);
  });
}

/** False when bits behind the prefix are set, as in `10.1.0.0/8`. */
export function isNetworkBase({ bytes, prefixLength }: IpNetwork): boolean {
  return bytes.every((byte, index) => (byte & ~byteMask(prefixLength, index) & 0xff) === 0);
}

function byteMask(prefixLength: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
  return (0xff << (8 - bits)) & 0xff;
}

function parseIpv4(text: string): number[] | null {
  const parts = text.split('.');
  const good = parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
  return parts.length === 4 && good ? parts.map(Number) : null;
}

function parseIpv6(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  if (halves.length === 1) return head?.length === 16 ? head : null;
  const tail = parseGroups(halves[1] ?? '', true);
  if (head === null || tail === null) return null;
  // `::` stands for at least one group (RFC 5952 forbids writing it for one, RFC 4291 reads it).
  const missing = 16 - head.length - tail.length;
  return missing < 2 ? null : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const isLast = index === groups.length - 1;
    const parsed =
      mayEndInIpv4 && isLast && group.includes('.') ? parseIpv4(group) : parseGroup(group);
    if (parsed === null) return null;
    bytes.push(...parsed);
  }
  return bytes;
}

function parseGroup(group: string): number[] | null {
  if (!/^[0-9A-Fa-f]{1,4}$/.test(group)) return null;
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
