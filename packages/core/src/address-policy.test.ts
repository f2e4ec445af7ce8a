import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AllowedNetworks,
  type DialReason,
  decideDialAddress,
  parseAllowedNetworks,
} from './address-policy.js';

function allow(csv: string): AllowedNetworks {
  const parsed = parseAllowedNetworks(csv);
  if (!parsed.ok) throw new Error(parsed.error.code);
  return parsed.value;
}

describe('without configuration', () => {
  it.each<[string, DialReason]>([
    ['1.1.1.1', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.0', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['223.255.255.255', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.127.255.255', 'private'],
    ['fc00::1', 'private'],
    ['fdff:ffff::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['169.254.169.253', 'link-local'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['169.254.170.23', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd00:ec2::23', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'reserved'],
    ['192.0.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['198.19.255.255', 'reserved'],
    ['198.51.100.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['2001::1', 'reserved'],
    ['3fff::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['100::1', 'reserved'],
    ['fec0::1', 'reserved'],
    // Ways of writing an IPv4 address into an IPv6 one.
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:1.1.1.1', 'public'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::169.254.169.254', 'metadata'],
    ['64:ff9b::1.1.1.1', 'public'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:a9fe:a9fe::1', 'metadata'],
    ['2002:101:101::1', 'public'],
    ['::127.0.0.1', 'reserved'],
    ['::ffff:0:127.0.0.1', 'reserved'],
    ['64:ff9b:1::7f00:1', 'reserved'],
    // What different parsers read differently is no address at all.
    ['127.1', 'unparsable'],
    ['0177.0.0.1', 'unparsable'],
    ['0x7f.0.0.1', 'unparsable'],
    ['2130706433', 'unparsable'],
    ['fe80::1%eth0', 'unparsable'],
    ['[::1]', 'unparsable'],
    ['localhost', 'unparsable'],
    ['', 'unparsable'],
  ])('%s is %s', (ip, reason) => {
    const allowed = reason === 'public' || reason === 'private';
    expect(decideDialAddress(ip)).toEqual({ allowed, reason });
  });
});

describe('with configured networks', () => {
  it.each<[string, string, boolean]>([
    ['127.0.0.0/8', '127.0.0.1', true],
    ['127.0.0.0/8', '::ffff:127.0.0.1', true],
    ['127.0.0.0/8', '::1', false],
    ['::1', '::1', true],
    [' 10.0.0.0/8 , 169.254.1.1,', '169.254.1.1', true],
    ['169.254.1.1', '169.254.169.254', false],
    ['64:ff9b::/96', '64:ff9b::7f00:1', true],
    ['127.0.0.0/8', '127.1', false],
    ['', '127.0.0.1', false],
  ])('%j lets %s be dialled: %s', (csv, ip, allowed) => {
    expect(decideDialAddress(ip, allow(csv)).allowed).toBe(allowed);
  });

  it('names the configuration as the reason', () => {
    expect(decideDialAddress('127.0.0.1', allow('127.0.0.1')).reason).toBe('configured');
  });

  it.each<[string, string]>([
    ['127.0.0.0/8,nonsense', 'networks.bad-entry'],
    ['10.0.0.0/33', 'networks.bad-entry'],
    ['127.1/8', 'networks.bad-entry'],
    ['localhost', 'networks.bad-entry'],
    ['10.1.0.0/8', 'networks.not-a-base'],
  ])('refuses %j', (csv, code) => {
    const parsed = parseAllowedNetworks(csv);
    expect(parsed.ok ? 'accepted' : parsed.error.code).toBe(code);
  });
});

describe('properties', () => {
  it('judges an embedded IPv4 address like that address itself', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number);
        const groups = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        for (const form of [`::ffff:${ip}`, `64:ff9b::${ip}`, `2002:${groups}::1`]) {
          expect(decideDialAddress(form)).toEqual(decideDialAddress(ip));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('allows nothing but public and private addresses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (ip) => {
        const { allowed, reason } = decideDialAddress(ip);
        expect(allowed).toBe(reason === 'public' || reason === 'private');
      }),
      { numRuns: 1000 },
    );
  });
});
