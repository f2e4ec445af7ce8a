import { connect } from 'node:net';
import { ProblemDocument } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAdmin, type TestUser } from './factories.js';
import { type Harness, startHarness } from './harness.js';

let harness: Harness;
let admin: TestUser;
beforeAll(async () => {
  harness = await startHarness();
  admin = await buildAdmin(harness);
});
afterAll(() => harness.close());

/** Sends bytes as they are; answers all that comes back. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(harness.origin).port), '127.0.0.1', () =>
      socket.write(request),
    );
    let text = '';
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
const get = (target: string, headers = '') =>
  raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);

async function send(path: string, init: RequestInit = {}) {
  const response = await fetch(`${harness.origin}${path}`, {
    ...init,
    headers: { ...admin.headers, ...init.headers },
  });
  return { response, problem: ProblemDocument.parse(await response.json()) };
}

describe('refusals before any route', () => {
  it('answers an unknown path and an unknown method as a problem', async () => {
    for (const [path, method, status] of [
      ['/api/v1/nothing', 'GET', 404],
      ['/api/v2/environments', 'GET', 404],
      ['/api', 'POST', 404],
      ['/nothing', 'POST', 404],
      ['/api/v1/environments', 'PUT', 405],
    ] as const) {
      const { response, problem } = await send(path, { method });
      expect([response.status, problem.status]).toEqual([status, status]);
      expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, POST' : null);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it('answers malformed HTTP, paths and bodies as a problem, without repeating them', async () => {
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*request\.malformed/,
    );
    expect(await get('/api/v1/environments/%zz')).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*request\.malformed/,
    );
    const bodies = [
      '{"displayName": "hush-hush"',
      '',
      '{"__proto__": {"x": 1}, "displayName": "hush-hush"}',
      'null',
      '[]',
      '"text"',
    ];
    for (const body of bodies) {
      const { response, problem } = await send('/api/v1/environments', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(response.status).toBe(400);
      expect(JSON.stringify(problem)).not.toContain('hush-hush');
    }
  });

  it('says what a body lacks that was announced as JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const path = '/api/v1/environments/00000000-0000-4000-8000-000000000000';
    const none = await send(path, { method: 'DELETE', headers });
    expect(none.problem.detail).toMatch(/Content-Type.*empty.*leave the header out/);
    const half = await send('/api/v1/environments', { method: 'POST', body: '{"a"', headers });
    expect(half.problem.detail).toMatch(/is not JSON/);
  });

  it('refuses a body above the bound with 413', async () => {
    const { problem } = await send('/api/v1/environments', {
      method: 'POST',
      body: JSON.stringify({ displayName: 'x'.repeat(5_000_000) }),
      headers: { 'content-type': 'application/json' },
    });
    expect(problem).toMatchObject({ status: 413, code: 'request.too-large' });
  });

  it('gives every reply a request id, its own or a plain one of the caller', async () => {
    const own = await send('/api/v1/nothing');
    expect(own.problem.requestId).toBe(own.response.headers.get('x-request-id'));
    const given = await send('/api/v1/nothing', { headers: { 'x-request-id': 'from-a-proxy-1' } });
    expect(given.problem.requestId).toBe('from-a-proxy-1');
    const evil = await send('/api/v1/nothing', { headers: { 'x-request-id': 'a b{"c":1}' } });
    expect(evil.problem.requestId).not.toContain('{');
  });
});

// A guard that looks at paths is got around by spelling them differently.
describe('odd spellings of a protected path', () => {
  const spellings = [
    '/api/v1/users',
    '/api/v1//users',
    '//api/v1/users',
    '/%61pi/v1/users',
    '/api/v1/%75sers',
    '/api/v1/users/',
    '/api/v1/users?x=/healthz',
    '/api/v1/users%2f',
    '/API/v1/users',
    '/api/v1/./users',
    '/api/v1/x/../users',
    'http://x/api/v1/users',
    '/api/v1/users;x',
    '/api/v1/users#',
  ];
  it.each(spellings)('%s gives nothing to nobody', async (target) => {
    for (const method of ['GET', 'HEAD']) {
      const reply = await raw(
        `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-middleware-subrequest: middleware\r\nx-http-method-override: GET\r\n\r\n`,
      );
      expect(reply).toMatch(/^HTTP\/1\.1 (400|401|404) /);
    }
  });
});

describe('headers', () => {
  it('keeps API replies out of caches, frames and sniffing', async () => {
    const response = await fetch(`${harness.origin}/api/v1/session`, { headers: admin.headers });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('health and metrics', () => {
  it('answers at the root without a session', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect((await fetch(`${harness.origin}${path}`)).status).toBe(200);
    const metrics = await (await fetch(`${harness.origin}/metrics`)).text();
    expect(metrics).toContain('moorage_http_request_duration_seconds');
    expect(metrics).toContain('moorage_database_connections');
  });

  it('labels requests by route pattern, so that no value of a path gets in', async () => {
    await fetch(`${harness.origin}/api/v1/environments/very-secret-name`, {
      headers: admin.headers,
    });
    const metrics = await (await fetch(`${harness.origin}/metrics`)).text();
    expect(metrics).toContain('route="/api/v1/environments/:env"');
    expect(metrics).not.toContain('very-secret-name');
  });

  it('serves the OpenAPI document and a page about it', async () => {
    const document = await (await fetch(`${harness.origin}/api/v1/openapi.json`)).json();
    expect(document).toMatchObject({
      openapi: '3.1.0',
      paths: { '/environments/{env}/registries': { post: { operationId: 'createRegistry' } } },
    });
    const page = await fetch(`${harness.origin}/api/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(await page.text()).toContain('createRegistry');
  });
});
