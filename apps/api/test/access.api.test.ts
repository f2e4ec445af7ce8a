/**
 * Every endpoint of the contract × every kind of caller, against a second, hand-written copy of the
 * permission table. New endpoints are taken in by themselves; a route that the contract does not know
 * fails here.
 */
import {
  type Access,
  type EndpointSpec,
  endpoints,
  type Permission,
  ProblemDocument,
} from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApiKey, buildCast, buildEnvironment, type Cast } from './factories.js';
import { type Harness, startHarness } from './harness.js';

const CALLERS = ['nobody', 'stranger', 'viewer', 'member', 'owner', 'admin'] as const;
type Caller = (typeof CALLERS)[number];

const OWNER_UP: readonly Caller[] = ['owner', 'admin'];
const MEMBER_UP: readonly Caller[] = ['member', ...OWNER_UP];
const ROLE: readonly Caller[] = ['viewer', ...MEMBER_UP];
const SIGNED_IN: readonly Caller[] = ['stranger', ...ROLE];
const ADMIN: readonly Caller[] = ['admin'];

/** Who may do what, as the documents say it; not derived from the code under test. */
const MAY: Readonly<Record<Permission, readonly Caller[]>> = {
  'users:manage': ADMIN,
  'installation-settings:write': ADMIN,
  'clusters:manage': ADMIN,
  'environments:manage': ADMIN,
  'installation-audit:read': ADMIN,
  'environment:read': ROLE,
  'members:manage': OWNER_UP,
  'settings:read': ROLE,
  'settings:write': OWNER_UP,
  'registries:read': ROLE,
  'registries:write': OWNER_UP,
  'credentials:use': MEMBER_UP,
  'targets:read': ROLE,
  'targets:write': OWNER_UP,
  'node-config:secrets': OWNER_UP,
  'workloads:read': ROLE,
  'workloads:write': MEMBER_UP,
  'images:use': ROLE,
  'audit:read': OWNER_UP,
  'tools:use': SIGNED_IN,
};

let harness: Harness;
let shared: Cast;
beforeAll(async () => {
  harness = await startHarness();
  shared = await buildCast(harness);
});
afterAll(() => harness.close());

const all: EndpointSpec[] = Object.values(endpoints);
const inEnvironment = (endpoint: EndpointSpec) => endpoint.path.includes('/:env');

type Expectation = 'allowed' | 'session.required' | 'object.not-found' | 'permission.denied';

function expected(endpoint: EndpointSpec, caller: Caller): Expectation {
  const { access } = endpoint;
  if (access === 'public') return 'allowed';
  if (caller === 'nobody') return 'session.required';
  if (inEnvironment(endpoint) && caller === 'stranger') return 'object.not-found';
  return access === 'signed-in' || MAY[access].includes(caller) ? 'allowed' : 'permission.denied';
}

function pathOf(endpoint: EndpointSpec, env: string): string {
  const values: Record<string, string> = { env, name: 'policy.mode' };
  const filled = endpoint.path.replace(
    /:([A-Za-z]+)/g,
    (_, name: string) => values[name] ?? crypto.randomUUID(),
  );
  return `${harness.origin}/api/v1${filled}`;
}

/** The problem code of the answer, or its status when it was none. */
async function call(
  endpoint: EndpointSpec,
  url: string,
  headers: Record<string, string>,
): Promise<string> {
  const abort = new AbortController();
  const withBody = endpoint.method !== 'GET' && endpoint.body !== undefined;
  const response = await fetch(url, {
    method: endpoint.method,
    headers: withBody ? { ...headers, 'content-type': 'application/json' } : headers,
    ...(withBody ? { body: '{}' } : {}),
    signal: abort.signal,
  });
  const isProblem =
    response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const code = isProblem
    ? ProblemDocument.parse(await response.json()).code
    : String(response.status);
  abort.abort();
  return code;
}

function check(code: string, expectation: Expectation, what: string): void {
  if (expectation !== 'allowed') {
    expect.soft(code, what).toBe(expectation);
    return;
  }
  // What comes after the guard may refuse the empty body or not find the made-up id; it must not be the guard.
  const guards = [
    'session.required',
    'permission.denied',
    'request.not-found',
    'request.method-not-allowed',
    'server.error',
    'request.cross-site',
    '500',
  ];
  expect.soft(guards, `${what}: ${code}`).not.toContain(code);
}

describe('every endpoint', () => {
  it.each(all.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s is for exactly those whom its permission names',
    async (name, endpoint) => {
      for (const caller of CALLERS) {
        // Some end the session or the environment: those get a cast of their own.
        const cast = endpoint.method === 'DELETE' ? await buildCast(harness) : shared;
        const headers = caller === 'nobody' ? {} : { ...cast[caller].headers };
        const code = await call(endpoint, pathOf(endpoint, cast.environment.id), headers);
        check(code, expected(endpoint, caller), `${name} by ${caller}`);
      }
    },
  );

  it.each(
    all
      .filter(inEnvironment)
      .map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const),
  )(
    "%s hides another tenant's environment, by id and by name, also from keys",
    async (name, endpoint) => {
      const [cast, other] = [shared, await buildEnvironment(harness)];
      const bound = await buildApiKey(harness, cast.admin.id, {
        permissions: Object.keys(MAY) as Permission[],
        environmentId: cast.environment.id,
      });
      for (const env of [other.id, other.name, crypto.randomUUID(), 'no-such-environment']) {
        for (const headers of [cast.owner.headers, bound.headers]) {
          expect
            .soft(await call(endpoint, pathOf(endpoint, env), { ...headers }), name)
            .toBe('object.not-found');
        }
      }
    },
  );

  it.each(
    all
      .filter(needsPermission)
      .map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const),
  )('%s refuses a key without its permission', async (name, endpoint) => {
    const cast = await buildCast(harness);
    const others = (Object.keys(MAY) as Permission[]).filter(
      (permission) => permission !== endpoint.access,
    );
    const key = await buildApiKey(harness, cast.admin.id, { permissions: others });
    expect(
      await call(endpoint, pathOf(endpoint, cast.environment.id), { ...key.headers }),
      name,
    ).toBe('permission.denied');
  });
});

function needsPermission(endpoint: EndpointSpec): boolean {
  const open: readonly Access[] = ['public', 'signed-in'];
  return !open.includes(endpoint.access);
}

describe('the route table', () => {
  it('has every endpoint of the contract and nothing else', () => {
    const server = harness.app.getHttpAdapter().getInstance() as unknown as {
      printRoutes(options: object): string;
    }; // Nest's own type lacks it
    const routes = readRoutes(server.printRoutes({ commonPrefix: false }));
    const declared = all.map((endpoint) => `${endpoint.method} /api/v1${endpoint.path}`);
    const plain = [
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /api/v1/openapi.json',
      'GET /api/docs',
    ];
    const unmatched = (route: string) => / \/api(\/?\*)?$/.test(route);
    expect(routes.filter((route) => !unmatched(route)).toSorted()).toEqual(
      [...declared, ...plain].toSorted(),
    );
  });
});

/** From Fastify's tree to `METHOD /path` lines. HEAD and OPTIONS come with GET by themselves. */
function readRoutes(tree: string): string[] {
  const stack: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const match = /^([│ ]*)[└├]── (\S*)(?: \((.*)\))?$/u.exec(line);
    if (match === null) return [];
    const depth = (match[1]?.length ?? 0) / 4;
    stack.length = depth;
    stack.push(match[2] ?? '');
    const methods = (match[3] ?? '')
      .split(', ')
      .filter((method) => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method));
    return methods.map((method) => `${method} ${stack.join('')}`);
  });
}
