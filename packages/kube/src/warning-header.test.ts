import { afterEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  type ApiServer,
  json,
  startApiServer,
  statusReply,
} from '../test/api-server.js';
import { isKubeError, KubeError, resourcePath } from './index.js';
import { warningsOf } from './warning-header.js';

let servers: ApiServer[] = [];

async function start(protocol: 'http' | 'h2', answer: Answer): Promise<ApiServer> {
  const server = await startApiServer(protocol, answer);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

describe('warnings of an accepted write', () => {
  test.each([
    ['299 - "plain"', ['plain']],
    ['299 - "a \\"quoted\\" name"', ['a "quoted" name']],
    ['299 - "one", 299 - "two, with a comma"', ['one', 'two, with a comma']],
    ['299 - "back\\\\slash"', ['back\\slash']],
    ['199 - "another code"', []],
    ['299 - "never closed', []],
    ['', []],
  ])('%j', (warning, expected) => {
    expect(warningsOf({ warning })).toEqual(expected);
  });

  test.each(['http', 'h2'] as const)('reach the caller over %s', async (protocol) => {
    const server = await start(protocol, (_request, reply) => {
      reply.writeHead(201, { 'content-type': 'application/json', warning: '299 - "mind \\"x\\""' });
      reply.end('{"metadata":{"name":"x"}}');
    });
    const warnings: string[] = [];
    const onWarning = (text: string) => warnings.push(text);
    await server.client().create(resourcePath.pods('a'), {}, { dryRun: true, onWarning });
    expect(warnings).toEqual(['mind "x"']);
  });
});

describe('what a server says of a refusal', () => {
  test('is kept beside the short message, up to its end', async () => {
    const message = `pods "x" is forbidden: ${'y'.repeat(1_000)} [revision]`;
    const server = await start('http', (_request, reply) =>
      statusReply(reply, 403, 'Forbidden', { message }),
    );
    const error = await server
      .client()
      .create(resourcePath.pods('a'), {})
      .catch((cause: unknown) => cause);
    if (!(error instanceof KubeError)) throw new Error('expected a KubeError');
    expect(error.statusMessage).toBe(message);
    expect(error.message.length).toBeLessThan(400);
  });

  test('is not kept where it may quote a Secret', async () => {
    const server = await start('http', (_request, reply) =>
      statusReply(reply, 422, 'Invalid', { message: 'bad "hunter2"' }),
    );
    const refused = server.client().create(resourcePath.secrets('a'), {});
    await expect(refused).rejects.toMatchObject({ statusMessage: null });
  });
});

describe('a plain text reply', () => {
  test('is asked for as text and read whole', async () => {
    const server = await start('h2', (_request, reply) => {
      reply.writeHead(200, { 'content-type': 'text/plain' });
      reply.end('metric{a="b"} 1\n');
    });
    expect(await server.client().getText('/metrics', { maxBytes: 100 })).toBe('metric{a="b"} 1\n');
    expect(server.requests[0]?.headers.accept).toBe('text/plain');
  });

  test('longer than allowed is an error, and nothing more of it is read', async () => {
    const server = await start('http', (_request, reply) => {
      reply.writeHead(200, { 'content-type': 'text/plain' });
      reply.end('x'.repeat(1_000));
    });
    const read = server.client().getText('/metrics', { maxBytes: 999 });
    await expect(read).rejects.toSatisfy((error) => isKubeError(error, 'ResponseTooLarge'));
  });

  test('a refusal is an error as anywhere', async () => {
    const server = await start('http', (_request, reply) => json(reply, 403, { kind: 'Status' }));
    const read = server.client().getText('/metrics', { maxBytes: 999 });
    await expect(read).rejects.toMatchObject({ reason: 'Forbidden' });
  });
});
