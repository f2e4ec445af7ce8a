/**
 * Plants secrets through every input that takes one, and through every other input by mistake, then
 * looks for them everywhere: replies, log, metrics, audit, every row of the database. New endpoints
 * are read by themselves; a new kind of secret is one more line in `PLANTINGS`.
 */
import { randomBytes } from 'node:crypto';
import { type EndpointSpec, endpoints } from '@moorage/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildCast, type Cast, PASSWORD } from './factories.js';
import { type Harness, startHarness } from './harness.js';

let harness: Harness;
let cast: Cast;
const planted = new Map<string, string>();
const replies: string[] = [];
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
});
afterAll(() => harness.close());

/** Unmistakable, and with characters that every encoding treats differently. */
function plant(what: string): string {
  const secret = `pl4nt"ed/${randomBytes(12).toString('hex')}+&<`;
  planted.set(what, secret);
  return secret;
}

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = cast.admin.headers,
): Promise<unknown> {
  const abort = new AbortController();
  const response = await fetch(`${harness.origin}/api/v1${path}`, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: abort.signal,
  });
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    abort.abort();
    return undefined;
  }
  const text = await response.text();
  replies.push(
    JSON.stringify([...response.headers].filter(([name]) => name !== 'set-cookie')),
    text,
  );
  return text === '' ? undefined : JSON.parse(text);
}

type Created = { id?: string } | undefined;
const id = (reply: unknown) => (reply as Created)?.id ?? '00000000-0000-4000-8000-000000000000';

/** One line per place that takes a secret. They may be refused for another reason; the secret must not show either way. */
const PLANTINGS: readonly (() => Promise<unknown>)[] = [
  () => send('POST', '/session', { username: cast.viewer.username, password: plant('sign-in') }),
  () => send('POST', '/session', { username: plant('password typed as a name'), password: 'x' }),
  () => send('POST', '/users', { username: 'planted', password: plant('new user') }),
  () => send('PATCH', `/users/${cast.stranger.id}`, { password: plant('changed user') }),
  () =>
    send('PUT', '/users/me/password', {
      current: plant('wrong current'),
      new: plant('refused new'),
    }),
  () => send('PUT', '/users/me/password', { current: PASSWORD, new: plant('own new') }),
  async () => {
    const env = `/environments/${cast.environment.id}`;
    const registry = await send('POST', `${env}/registries`, {
      address: 'ghcr.io',
      connection: { clientCertificate: 'x', clientKey: plant('client key') },
      credential: { username: 'robot', password: plant('first credential') },
    });
    const second = await send('POST', `${env}/registries`, {
      address: 'quay.io',
      credential: { username: 'robot', password: plant('credential') },
    });
    const credentials = `${env}/registries/${id(second)}/credentials`;
    const credential = await send('POST', credentials, {
      username: 'robot2',
      password: plant('second credential'),
    });
    await send('PATCH', `${credentials}/${id(credential)}`, {
      username: 'robot3',
      password: plant('replaced credential'),
    });
    await send('PUT', `${env}/registries/by-address/quay.io`, {
      credential: { username: 'robot', password: plant('upserted credential') },
    });
    await send('POST', `${env}/registries`, {
      address: `https://user:${plant('password in an address')}@quay.io`,
    });
    await send('POST', `${env}/registries/verify`, {
      address: '127.0.0.1:9',
      connection: { scheme: 'http' },
      credential: { username: 'a', password: plant('verified before saving') },
    });
    return send('PATCH', `${env}/registries/${id(registry)}`, {
      connection: { clientKey: plant('new client key') },
    });
  },
  async () => {
    const cluster = await send('POST', '/clusters', {
      name: 'planted',
      server: 'https://127.0.0.1:9',
      token: plant('cluster token'),
    });
    await send('PATCH', `/clusters/${id(cluster)}`, {
      server: 'https://127.0.0.1:9',
      token: plant('new cluster token'),
    });
    const kubeconfig = (token: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'c',
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:9' } }],
        users: [{ name: 'u', user: { token } }],
      });
    await send('POST', '/clusters', {
      name: 'planted-2',
      kubeconfig: kubeconfig(plant('kubeconfig')),
    });
    return send('POST', '/clusters/inspect-kubeconfig', {
      kubeconfig: kubeconfig(plant('inspected kubeconfig')),
    });
  },
  async () => {
    const path = `/environments/${cast.environment.id}/node-config`;
    const fileWith = (secret: string, rest = '') =>
      `# ${secret}\nconfigs:\n  imported.example.com:\n    auth: {username: a, password: ${JSON.stringify(secret)}, token: ${JSON.stringify(secret)}}\n    ${rest}\n`;
    const withFile = (document: string) => ({ document, distribution: 'k3s' });
    await send('POST', `${path}/import?dryRun=true`, withFile(fileWith(plant('planned file'))));
    await send('POST', `${path}/import`, withFile(fileWith(plant('imported file'))));
    await send('POST', `${path}/import`, withFile(fileWith(plant('broken file'), '- x')));
    await send('POST', '/tools/registries-yaml/check', withFile(fileWith(plant('checked file'))));
    await send('POST', '/tools/image-list', {
      document: `https://user:${plant('login in a list')}@a.io/x`,
      target: 'reg.example.com',
    });
    const endpoint = `https://user:${plant('login in an endpoint')}@m.io`;
    await send('POST', `${path}/preview`, {
      mirrors: [{ registry: 'docker.io', endpoints: [endpoint], rewrites: [] }],
      registry: { address: `https://user:${plant('login in a draft')}@a.io`, change: 'add' },
    });
    const link = (await send('POST', `${path}/links`, {})) as { url: string };
    replies.splice(-2); // the one reply that shows it
    const token = link.url.slice(link.url.lastIndexOf('/') + 1);
    planted.set('link', token.slice(-64));
    await send('GET', `/node-config/links/${token}?as=json`);
    replies.splice(-2); // what it was made for
    return send('GET', `/node-config/links/${token}`);
  },
  async () => {
    const key = (await send('POST', '/api-keys', {
      name: 'planted',
      permissions: ['tools:use'],
    })) as { key: string };
    replies.splice(-2); // the one reply that shows it
    planted.set('API key', key.key.slice(37));
    return send('GET', '/session', undefined, { authorization: `Bearer ${key.key}` });
  },
];

/** The secret where it does not belong: unknown fields, wrong types, every endpoint. */
async function plantByMistake(endpoint: EndpointSpec): Promise<void> {
  const path = pathOf(endpoint);
  const secret = plant(`by mistake in ${endpoint.id}`);
  if (
    endpoint.method !== 'GET' &&
    endpoint.id !== 'signOut' &&
    endpoint.id !== 'deleteEnvironment'
  ) {
    for (const body of [
      { [secret]: secret },
      { password: { nested: secret }, value: [secret], name: 7, displayName: [secret] },
      secret,
    ])
      await send(endpoint.method, path, body);
  }
  if (endpoint.method === 'GET')
    await send(
      'GET',
      `${path}?cursor=${encodeURIComponent(secret)}&sort=${encodeURIComponent(secret)}`,
    );
  await send('GET', path, undefined, {
    ...cast.admin.headers,
    authorization: `Bearer ${encodeURIComponent(secret)}`,
  });
}

function pathOf(endpoint: EndpointSpec): string {
  const values: Record<string, string> = {
    env: cast.environment.id,
    name: 'policy.mode',
    userId: cast.viewer.id,
  };
  return endpoint.path.replace(
    /:([A-Za-z]+)/g,
    (_, name: string) => values[name] ?? crypto.randomUUID(),
  );
}

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // base64 of a part of a longer text: three alignments, without the letters that depend on neighbours
  const aligned = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('hex'),
    bytes.toString('base64url').slice(0, -2),
    ...aligned,
  ];
}

async function dumpDatabase(): Promise<string> {
  const tables = await harness.database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const dumps = await Promise.all(
    tables.map(({ name }) => harness.database.query(`select t::text as row from "${name}" t`)),
  );
  return JSON.stringify(dumps.flat().map((row) => row['row']));
}

it('finds no planted secret in any reply, log line, metric, audit entry or row', {
  timeout: 120_000,
}, async () => {
  for (const planting of PLANTINGS) await planting();
  const all: EndpointSpec[] = Object.values(endpoints);
  for (const endpoint of all) await plantByMistake(endpoint);
  for (const endpoint of all.filter(({ method }) => method === 'GET'))
    await send('GET', pathOf(endpoint));
  replies.push(await (await fetch(`${harness.origin}/metrics`)).text());

  expect(planted.size).toBeGreaterThan(all.length);
  expect(harness.logLines.length).toBeGreaterThan(all.length);
  const places: Record<string, string> = {
    replies: replies.join('\n'),
    log: harness.logLines.join('\n'),
    database: await dumpDatabase(),
  };
  const found = [...planted].flatMap(([what, secret]) =>
    Object.entries(places).flatMap(([place, text]) =>
      spellings(secret).some((spelling) => text.includes(spelling)) ? [`${what} in ${place}`] : [],
    ),
  );
  expect(found).toEqual([]);
});
