import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNetworkBase, networkContains, parseIpAddress, parseIpNetwork } from './ip-address.js';

function network(text: string) {
  const parsed = parseIpNetwork(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}

function address(text: string) {
  const parsed = parseIpAddress(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}

describe('parseIpAddress', () => {
  it.each<[string, readonly number[]]>([
    ['0.0.0.0', [0, 0, 0, 0]],
    ['192.168.1.255', [192, 168, 1, 255]],
    ['::', new Array<number>(16).fill(0)],
    ['::1', [...new Array<number>(15).fill(0), 1]],
    ['fe80::', [0xfe, 0x80, ...new Array<number>(14).fill(0)]],
    ['2001:DB8::a:1', [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 1]],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ['::ffff:1.2.3.4', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]],
    ['1:2:3:4:5:6:1.2.3.4', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4]],
  ])('reads %s', (text, bytes) => {
    expect(parseIpAddress(text)).toEqual({ bytes });
  });

  it.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.-4',
    '0x7f.0.0.1',
    '127.1',
    '2130706433',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4/8',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    ':1:2:3:4:5:6:7',
    '12345::',
    'g::',
    'fe80::1%eth0',
    '[::1]',
    '1.2.3.4::',
    '::1.2.3',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '１.2.3.4',
    `${'0'.repeat(50)}::`,
  ])('refuses %j', (text) => {
    expect(parseIpAddress(text)).toBeNull();
  });

  it('accepts nothing that the platform refuses, and everything generated', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f:.]{1,20}$/), (text) => {
        if (parseIpAddress(text) !== null) expect(isIP(text)).not.toBe(0);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        expect(parseIpAddress(text)).not.toBeNull();
      }),
      { numRuns: 2000 },
    );
  });
});

describe('networks', () => {
  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['100.64.0.0/10', '100.127.255.255', true],
    ['100.64.0.0/10', '100.128.0.0', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['0.0.0.0/0', '::1', false],
    ['1.2.3.4', '1.2.3.4', true],
    ['1.2.3.4', '1.2.3.5', false],
    ['fe80::/10', 'febf::1', true],
    ['fe80::/10', 'fec0::1', false],
    ['::1/128', '::1', true],
  ])('%s contains %s: %s', (cidr, text, contained) => {
    expect(networkContains(network(cidr), address(text))).toBe(contained);
  });

  it.each([
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '::/129',
    '10/8',
    '10.0.0.0/-1',
    'x/8',
  ])('refuses %j', (text) => {
    expect(parseIpNetwork(text)).toBeNull();
  });

  it('knows the first address of a block', () => {
    expect(isNetworkBase(network('10.0.0.0/8'))).toBe(true);
    expect(isNetworkBase(network('10.1.0.0/8'))).toBe(false);
    expect(isNetworkBase(network('10.0.0.1'))).toBe(true);
  });
});
