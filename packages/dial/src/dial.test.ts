import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { parseAllowedNetworks } from '@moorage/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  allowedNetworksVariable,
  createGuardedLookup,
  type DialPolicy,
  DialRefusedError,
  guardConnector,
  guardedConnectOptions,
  type ResolvedAddress,
  resolveAllowed,
  systemResolve,
} from './index.js';

let server: Server;
let connections: Socket[];
let port: number;

beforeEach(async () => {
  connections = [];
  server = createServer((socket) => connections.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const socket of connections) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** A resolver that gives these answers in turn, then the last one for ever. */
function answers(...list: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve = async (host: string): Promise<readonly ResolvedAddress[]> => {
    asked.push(host);
    const answer = list[Math.min(asked.length, list.length) - 1] ?? [];
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { resolve, asked };
}

function policy(networks: string, resolve?: DialPolicy['resolve']): DialPolicy {
  const allowed = parseAllowedNetworks(networks);
  if (!allowed.ok) throw new Error('bad networks in a test');
  return { allowed: allowed.value, ...(resolve === undefined ? {} : { resolve }) };
}

function dial(host: string, dialPolicy: DialPolicy): Promise<Error | 'connected'> {
  return new Promise((resolve) => {
    let socket: Socket;
    try {
      socket = connect({ ...guardedConnectOptions(host, dialPolicy), port });
    } catch (error) {
      resolve(error as Error);
      return;
    }
    socket.once('connect', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.once('error', resolve);
  });
}

describe('a host name', () => {
  test('is dialled at the address that was checked', async () => {
    const { resolve, asked } = answers(['127.0.0.1']);
    expect(await dial('registry.example', policy('127.0.0.0/8', resolve))).toBe('connected');
    expect(asked).toEqual(['registry.example']);
  });

  test('is refused when it resolves to loopback, and no connection is made', async () => {
    const { resolve } = answers(['127.0.0.1']);
    const error = await dial('registry.example', policy('', resolve));
    expect(error).toBeInstanceOf(DialRefusedError);
    expect(error).toMatchObject({
      code: 'dial.address-blocked',
      host: 'registry.example',
      address: '127.0.0.1',
    });
    expect((error as Error).message).toContain(allowedNetworksVariable);
    expect(connections).toHaveLength(0);
  });

  // Risk (DNS rebinding): allowed when checked, loopback when connected to.
  test('is resolved once, so a changed answer is never connected to unchecked', async () => {
    const { resolve, asked } = answers(['10.255.255.1'], ['127.0.0.1']);
    const guarded = policy('', resolve);
    const first = await resolveAllowed('rebind.example', guarded);
    expect(first).toEqual([{ address: '10.255.255.1', family: 4 }]);
    expect(asked).toHaveLength(1);
    const second = await dial('rebind.example', guarded);
    expect(second).toBeInstanceOf(DialRefusedError);
    expect(asked).toHaveLength(2);
    expect(connections).toHaveLength(0);
  });

  test('with allowed and refused addresses is dialled only at the allowed ones', async () => {
    const { resolve } = answers(['169.254.169.254', '::1', '127.0.0.1']);
    const guarded = policy('127.0.0.0/8', resolve);
    expect(await resolveAllowed('mixed.example', guarded)).toEqual([
      { address: '127.0.0.1', family: 4 },
    ]);
    expect(await dial('mixed.example', guarded)).toBe('connected');
  });

  test('without an address fails as not found', async () => {
    const { resolve } = answers([]);
    expect(await dial('void.example', policy('', resolve))).toMatchObject({ code: 'ENOTFOUND' });
  });

  test('whose resolver answers with a name is refused', async () => {
    const { resolve } = answers(['localhost']);
    expect(await dial('odd.example', policy('127.0.0.0/8', resolve))).toBeInstanceOf(
      DialRefusedError,
    );
    expect(connections).toHaveLength(0);
  });

  test('whose resolver fails gives the resolver’s error', async () => {
    const resolve = async () => {
      throw Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
    };
    expect(await dial('a.example', policy('', resolve))).toMatchObject({ code: 'EAI_AGAIN' });
  });
});

describe('a host that is an address', () => {
  // Node does not ask `lookup` for these: they must be checked before the dial.
  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '[::ffff:7f00:1]',
    '::',
    '169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '224.0.0.1',
    'ff02::1',
  ])('%s is refused before a connection is made', async (host) => {
    expect(await dial(host, policy(''))).toMatchObject({ code: 'dial.address-blocked' });
    expect(connections).toHaveLength(0);
  });

  test('is dialled when its network is allowed', async () => {
    expect(await dial('127.0.0.1', policy('127.0.0.0/8'))).toBe('connected');
  });

  test.each(['2130706433', '0x7f000001', '0177.0.0.1', '127.1'])(
    'in the odd spelling %s never reaches loopback',
    async (host) => {
      const result = await dial(host, policy(''));
      expect(result).toBeInstanceOf(Error);
      expect(connections).toHaveLength(0);
    },
  );
});

describe('the lookup', () => {
  const ask = (options: object) => {
    const { resolve } = answers(['127.0.0.1', '127.0.0.2', '::1']);
    const lookup = createGuardedLookup(policy('127.0.0.0/8,::1/128', resolve));
    return new Promise((done) => lookup('a.example', options, (...result) => done(result)));
  };

  test('answers with one address or all, of the family that is asked for', async () => {
    expect(await ask({})).toEqual([null, '127.0.0.1', 4]);
    expect(await ask({ family: 6 })).toEqual([null, '::1', 6]);
    expect(await ask({ family: 'IPv4', all: true })).toEqual([
      null,
      [
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.2', family: 4 },
      ],
    ]);
  });
});

describe('a guarded connector', () => {
  test('refuses an address through its callback and passes the rest on', async () => {
    const seen: string[] = [];
    const connector = guardConnector(
      policy(''),
      (
        options: { hostname: string },
        callback: (error: Error | null, socket: string | null) => void,
      ) => {
        seen.push(options.hostname);
        callback(null, 'socket');
      },
    );
    const call = (hostname: string) =>
      new Promise((done) => connector({ hostname }, (...result) => done(result)));
    expect(await call('a.example')).toEqual([null, 'socket']);
    expect(await call('169.254.169.254')).toMatchObject([{ code: 'dial.address-blocked' }, null]);
    expect(seen).toEqual(['a.example']);
  });
});

describe('the system’s resolver', () => {
  test('gives localhost’s addresses, and callers at the same time share one question', async () => {
    const [one, two] = [systemResolve('localhost'), systemResolve('localhost')];
    expect(one).toBe(two);
    expect((await one).length).toBeGreaterThan(0);
    const later = systemResolve('localhost');
    expect(later).not.toBe(one);
    await later;
  });
});
