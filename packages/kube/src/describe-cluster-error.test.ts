import { type AddressInfo, createServer } from 'node:net';
import { parseAllowedNetworks, SecretText } from '@moorage/core';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type ApiServer,
  json,
  type ServerOptions,
  startApiServer,
  statusReply,
  testAuthority,
} from '../test/api-server.js';
import { issueCertificate } from '../test/certificates.js';
import {
  type ClusterAccess,
  describeClusterError,
  KubeClient,
  type KubeClientOptions,
  resourcePath,
} from './index.js';

const hour = 3_600_000;
const servers: ApiServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(protocol: 'http' | 'h2', options: ServerOptions = {}): Promise<ApiServer> {
  const server = await startApiServer(
    protocol,
    (_request, reply) => json(reply, 200, { major: '1' }),
    options,
  );
  servers.push(server);
  return server;
}

/** What a check of this access says: `ok`, or the code of its cause. */
async function check(
  access: ClusterAccess,
  options: Partial<KubeClientOptions> = {},
): Promise<string> {
  const client = new KubeClient(access, {
    userAgent: 'moorage/0 (test)',
    dialPolicy: null,
    ...options,
  });
  try {
    await client.get(resourcePath.version(), { timeoutMs: 3_000 });
    return 'ok';
  } catch (error) {
    const { code, detail, fix } = describeClusterError(error);
    expect(detail).not.toBe('');
    expect(fix).not.toBe('');
    return code;
  } finally {
    await client.close();
  }
}

const loopbackAllowed = parseAllowedNetworks('127.0.0.0/8');
if (!loopbackAllowed.ok) throw new Error('a network that parses');

describe('the check of a cluster names the cause', () => {
  test('a server that is reached as it should be', async () => {
    const server = await start('h2');
    expect(await check(server.access)).toBe('ok');
  });

  test('nothing listens', async () => {
    const server = await start('http');
    await server.close();
    expect(await check(server.access)).toBe('cluster.connection-refused');
  });

  test('a name without an address', async () => {
    const dialPolicy = {
      allowed: loopbackAllowed.value,
      resolve: async () => {
        throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
      },
    };
    const server = await start('h2');
    expect(await check({ ...server.access, server: 'https://gone.test' }, { dialPolicy })).toBe(
      'cluster.dns-not-found',
    );
  });

  test('a server that accepts and never answers', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const server = await start('h2');
    expect(await check({ ...server.access, server: `https://127.0.0.1:${port}` })).toBe(
      'cluster.timeout',
    );
    silent.close();
  });

  test('another authority', async () => {
    const server = await start('h2');
    const other = issueCertificate({ name: 'other-ca', isAuthority: true });
    expect(await check({ ...server.access, caCertificate: other.certificate })).toBe(
      'cluster.tls-untrusted',
    );
    expect(await check({ ...server.access, caCertificate: null })).toBe('cluster.tls-untrusted');
  });

  test('verification is left out only when the access says so', async () => {
    const server = await start('h2');
    expect(await check({ ...server.access, caCertificate: null, insecureSkipVerify: true })).toBe(
      'ok',
    );
  });

  test('an expired server certificate', async () => {
    const tls = issueCertificate(
      {
        name: 'api',
        names: ['127.0.0.1'],
        notBefore: new Date(Date.now() - 9 * hour),
        notAfter: new Date(Date.now() - hour),
      },
      testAuthority,
    );
    const server = await start('h2', { tls });
    expect(await check(server.access)).toBe('cluster.tls-expired');
  });

  test('a certificate for another name, and the name that it is for', async () => {
    const tls = issueCertificate({ name: 'api', names: ['kubernetes.test'] }, testAuthority);
    const server = await start('h2', { tls });
    expect(await check(server.access)).toBe('cluster.tls-name-mismatch');
    expect(await check({ ...server.access, tlsServerName: 'kubernetes.test' })).toBe('ok');
  });

  test('a port that does not speak TLS', async () => {
    const server = await start('http');
    expect(await check({ ...server.access, server: server.url.replace('http:', 'https:') })).toBe(
      'cluster.tls-not-spoken',
    );
  });

  test('a client certificate that is needed, and one that is accepted', async () => {
    const server = await start('h2', { clientAuthority: testAuthority.certificate });
    expect(await check(server.access)).toBe('cluster.tls-client-certificate-refused');
    const own = issueCertificate({ name: 'moorage' }, testAuthority);
    const auth = {
      kind: 'client-certificate',
      certificate: own.certificate,
      key: SecretText.of(own.key),
    } as const;
    expect(await check({ ...server.access, auth })).toBe('ok');
  });

  test.each([
    [401, 'Unauthorized', 'cluster.unauthorized'],
    [403, 'Forbidden', 'cluster.forbidden'],
    [404, 'NotFound', 'cluster.not-kubernetes'],
    [500, 'InternalError', 'cluster.server-error'],
    [503, 'ServiceUnavailable', 'cluster.server-error'],
  ] as const)('HTTP %i %s', async (status, reason, code) => {
    const server = await start('h2');
    server.answer = (_request, reply) => statusReply(reply, status, reason);
    expect(await check(server.access)).toBe(code);
  });

  test('a web page in place of a Kubernetes API', async () => {
    const server = await start('h2');
    server.answer = (_request, reply) => {
      reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      reply.end('<html></html>');
    };
    expect(await check(server.access)).toBe('cluster.not-kubernetes');
  });

  test('something unknown is not described with its own words', () => {
    const description = describeClusterError(new Error('marker-7d1'));
    expect(description.code).toBe('cluster.unknown');
    expect(JSON.stringify(description)).not.toContain('marker-7d1');
  });
});

describe('a forbidden address', () => {
  const nothingAllowed = parseAllowedNetworks('');
  if (!nothingAllowed.ok) throw new Error('no networks parse');
  const { value: allowed } = nothingAllowed;

  test('given as an address is refused without a connection, and the variable is named', async () => {
    const server = await start('h2');
    expect(await check(server.access, { dialPolicy: { allowed } })).toBe('cluster.address-blocked');
    expect(server.connectionsOpened()).toBe(0);
    const client = server.client({ dialPolicy: { allowed } });
    const error = await client.get(resourcePath.version()).catch((cause: unknown) => cause);
    expect(describeClusterError(error).detail).toContain('MOORAGE_ALLOWED_NETWORKS');
  });

  // Risk (DNS rebinding): a cluster's name that leads to this machine.
  test('behind a name is refused at each dial, and an allowed one is dialled', async () => {
    const server = await start('h2');
    const named = { ...server.access, server: server.url.replace('127.0.0.1', 'api.test') };
    const resolve = async () => [{ address: '127.0.0.1', family: 4 } as const];
    expect(await check(named, { dialPolicy: { allowed, resolve } })).toBe(
      'cluster.address-blocked',
    );
    expect(server.connectionsOpened()).toBe(0);
    expect(await check(named, { dialPolicy: { allowed: loopbackAllowed.value, resolve } })).toBe(
      'ok',
    );
  });
});
