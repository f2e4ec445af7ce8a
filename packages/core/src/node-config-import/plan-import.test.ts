import { describe, expect, test } from 'vitest';
import { maskedSecret } from '../node-config/model.js';
import { encodeUtf8Base64 } from '../utf8-base64.js';
import type { ImportEnvironment, ImportPlan, KnownRegistry } from './model.js';
import { planNodeConfigImport } from './plan-import.js';

const empty: ImportEnvironment = { registries: [], mirrors: [] };
const known: KnownRegistry = {
  address: 'reg.example.com',
  state: 'enabled',
  deliver: 'both',
  scheme: 'https',
  insecureSkipVerify: false,
  hasCaCertificate: false,
  hasClientCertificate: false,
  hasLogin: true,
};

function plan(document: string, environment = empty): ImportPlan {
  const planned = planNodeConfigImport({ document, distribution: 'k3s' }, environment);
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.value;
}

const withAuth = (auth: string, key = 'reg.example.com') =>
  `configs:\n  "${key}":\n    auth: ${auth}\n`;
const userAndPassword = withAuth('{username: ci, password: planted-secret}');
const loginsOf = (document: string) =>
  plan(document).logins.map(({ address, username, password }) => [
    address,
    username,
    password.reveal(),
  ]);
/** `line:column code` of every part that is not kept. */
const lostOf = (document: string, environment = empty) =>
  plan(document, environment).notImported.map(
    ({ line, column, code }) => `${line}:${column} ${code.replace('node-config-import.', '')}`,
  );

describe('registries and logins', () => {
  test('a new registry goes to nodes only, as it was', () => {
    expect(plan(userAndPassword).registries).toEqual([
      { address: 'reg.example.com', action: 'add', set: { deliver: 'nodes' } },
    ]);
  });

  test('what is set already is kept, and what people decided stays', () => {
    const here = (overrides: Partial<KnownRegistry>) => ({
      ...empty,
      registries: [{ ...known, ...overrides }],
    });
    const skip = 'configs:\n  reg.example.com:\n    tls: {insecure_skip_verify: true}\n';
    expect(plan(userAndPassword, here({})).registries[0]).toMatchObject({
      action: 'keep',
      set: {},
    });
    expect(plan(skip, here({})).registries[0]).toMatchObject({
      action: 'change',
      set: { insecureSkipVerify: true },
    });
    expect(plan(skip, here({ insecureSkipVerify: true })).registries[0]?.action).toBe('keep');
    expect(plan(skip, here({ scheme: 'http' })).registries[0]?.action).toBe('keep');
    expect(plan(userAndPassword, here({ insecureSkipVerify: true })).registries[0]?.set).toEqual(
      {},
    );
    expect(lostOf(userAndPassword, here({ state: 'disabled' }))).toEqual(['2:3 registry-disabled']);
    expect(lostOf(userAndPassword, here({ deliver: 'pull-secret' }))).toEqual([
      '2:3 registry-off-nodes',
    ]);
  });

  test.each([
    ['user name and password', withAuth('{username: ci, password: pw}'), 'ci', 'pw'],
    ['auth', withAuth(`{auth: ${encodeUtf8Base64('ci:p:w')}}`), 'ci', 'p:w'],
    [
      'both, the same',
      withAuth(`{username: ci, password: pw, auth: ${encodeUtf8Base64('ci:pw')}}`),
      'ci',
      'pw',
    ],
    ['numbers as text', withAuth('{username: 0123, password: 1e3}'), '0123', '1e3'],
  ])('%s is a login', (_, document, username, password) => {
    expect(loginsOf(document)).toEqual([['reg.example.com', username, password]]);
    expect(lostOf(document)).toEqual([]);
  });

  test.each([
    ['docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['reg.example.com:443', 'reg.example.com:443'],
    ['[2001:db8::1]:5000', '[2001:db8::1]:5000'],
  ])('the key %s is the address %s', (key, address) => {
    expect(plan(withAuth('{username: ci, password: pw}', key)).logins[0]?.address).toBe(address);
  });

  test('of two keys of Docker Hub the one that containerd looks for counts', () => {
    const login = (username: string) => `{auth: {username: ${username}, password: pw}}`;
    const file = (hub: string) =>
      `configs:\n  docker.io: ${login(hub)}\n  registry-1.docker.io: ${login('asked')}\n`;
    expect(loginsOf(file('other'))).toEqual([['docker.io', 'asked', 'pw']]);
    expect(lostOf(file('other'))).toEqual(['2:3 config-repeated']);
    expect(lostOf(file('asked'))).toEqual([]);
  });

  test('a registry that its own mirror reaches by http speaks http, unless something says TLS', () => {
    const file = (tls: string) =>
      `mirrors: {reg.lan: {endpoint: ["http://reg.lan"]}}\nconfigs: {reg.lan: {auth: {username: a, password: b}${tls}}}\n`;
    expect(plan(file(''))).toMatchObject({
      registries: [{ set: { deliver: 'nodes', scheme: 'http' } }],
      mirrors: [],
    });
    expect(plan(file(', tls: {insecure_skip_verify: true}'))).toMatchObject({
      registries: [{ set: { deliver: 'nodes', insecureSkipVerify: true } }],
      mirrors: [{ registry: 'reg.lan', endpoints: ['http://reg.lan'], action: 'add' }],
    });
  });
});

describe('mirrors', () => {
  const file =
    'mirrors:\n  docker.io:\n    endpoint: ["https://M.io", "http://n.io/v2"]\n    rewrite: {"^a/(.*)": "b/$1", c: d}\n  "*": {endpoint: [m.io]}\n';
  const mirrors = [
    {
      registry: 'docker.io',
      endpoints: ['https://m.io', 'http://n.io/v2'],
      rewrites: [
        { pattern: '^a/(.*)', replacement: 'b/$1' },
        { pattern: 'c', replacement: 'd' },
      ],
    },
    { registry: '*', endpoints: ['m.io'], rewrites: [] },
  ];

  test('come with their endpoints in order and their rewrites', () => {
    expect(plan(file).mirrors).toEqual(mirrors.map((mirror) => ({ ...mirror, action: 'add' })));
    expect(lostOf(file)).toEqual([]);
  });

  test('replace the environment’s own where they differ', () => {
    const [hub, all] = mirrors;
    if (hub === undefined || all === undefined) throw new Error('two mirrors');
    const reordered = { ...hub, rewrites: hub.rewrites.toReversed() };
    const environment = {
      registries: [],
      mirrors: [reordered, { ...all, endpoints: ['old.io'] }, { ...all, registry: 'quay.io' }],
    };
    expect(plan(file, environment).mirrors.map(({ action }) => action)).toEqual(['keep', 'change']);
  });

  test('a registry with settings that the wildcard does not reach is not reached afterwards', () => {
    const shielded = `mirrors: {"*": {endpoint: ["https://m.io"]}}\n${userAndPassword}`;
    expect(plan(shielded).mirrors).toMatchObject([
      { registry: '*', endpoints: ['https://m.io'] },
      { registry: 'reg.example.com', endpoints: [], action: 'add' },
    ]);
  });
});

describe('what is not kept', () => {
  test.each<[string, string, string[]]>([
    ['a comment', '# a\n# b\nmirrors: {} # c\n', ['1:1 comment', '3:13 comment']],
    [
      'a hash that is no comment',
      'mirrors: {a.io: {endpoint: ["http://b.io/#x"]}}\n',
      ['1:29 endpoint-invalid'],
    ],
    [
      'a comment of ours',
      '# Written by Moorage. Takes effect when k3s is restarted.\nmirrors: {}\n',
      [],
    ],
    ['an unknown key', 'mirrors: {a.io: {endpoints: []}}\n', ['1:18 registries-yaml.unknown-key']],
    [
      'token',
      withAuth('{username: ci, password: x, token: planted-secret}'),
      ['3:39 registries-yaml.token-ignored'],
    ],
    [
      'a key that is written twice',
      'mirrors: {a.io: {}, a.io: {}}\n',
      ['1:21 registries-yaml.duplicate-key'],
    ],
    [
      'a second document, with all that is in it',
      'mirrors: {}\n---\n# planted-secret\n',
      ['2:1 registries-yaml.second-document'],
    ],
    ['auths', 'auths: {a.io: {username: x}}\n', ['1:8 registries-yaml.auths-unused']],
    ['an entry without settings', 'configs:\n  docker.io:\n', ['2:3 config-empty']],
    ['settings for all', 'configs: {"*": {tls: {}}}\n', ['1:11 config-wildcard']],
    [
      'a key with a scheme',
      withAuth('{username: a, password: b}', 'https://a.io'),
      ['2:3 config-key-invalid'],
    ],
    [
      'a key with a path',
      withAuth('{username: a, password: b}', 'a.io/v2'),
      ['2:3 config-key-invalid'],
    ],
    [
      'a key that is no host',
      withAuth('{username: a, password: b}', 'a b'),
      ['2:3 config-key-invalid'],
    ],
    [
      'a name of Docker Hub that is not asked',
      withAuth('{username: a, password: b}', 'index.docker.io'),
      ['2:3 config-docker-hub-name'],
    ],
    [
      'another spelling',
      withAuth('{username: a, password: b}', 'Reg.example.com'),
      ['2:3 renamed'],
    ],
    [
      'files on the node',
      'configs:\n  a.io:\n    tls:\n      ca_file: /ca\n      cert_file: /c\n      key_file: /k\n',
      ['3:5 file-on-node', '3:5 file-on-node', '3:5 file-on-node'],
    ],
    ['an empty login', withAuth('{}'), ['3:5 login-empty']],
    ['a password alone', withAuth('{password: planted-secret}'), ['3:5 login-empty']],
    ['a user name alone', withAuth('{username: ci}'), ['3:5 login-invalid']],
    [
      'a user name with a colon',
      withAuth('{username: "a:b", password: planted-secret}'),
      ['3:5 login-invalid'],
    ],
    [
      'a password with a line break',
      withAuth('{username: a, password: "planted-secret\\n"}'),
      ['3:5 login-invalid'],
    ],
    ['auth that is no base64', withAuth('{auth: planted-secret}'), ['3:5 auth-unreadable']],
    ['an identity token', withAuth('{identity_token: planted-secret}'), ['3:5 identity-token']],
    [
      'an identity token beside a login',
      withAuth('{username: a, password: b, identity_token: planted-secret}'),
      ['3:5 identity-token'],
    ],
    [
      'another login in auth',
      withAuth(`{username: a, password: b, auth: ${encodeUtf8Base64('c:planted-secret')}}`),
      ['3:5 login-second'],
    ],
    [
      'a masked password',
      withAuth(`{username: a, password: ${maskedSecret}}`),
      ['3:5 login-masked'],
    ],
    ['a masked auth', withAuth(`{auth: ${maskedSecret}}`), ['3:5 login-masked']],
    [
      'a mirror that is no registry',
      'mirrors: {"a b": {}, "a.io/x": {}, A.io: {}}\n',
      ['1:11 mirror-name-invalid', '1:22 mirror-name-invalid', '1:36 mirror-name-invalid'],
    ],
    [
      'a mirror for a name of Docker Hub',
      'mirrors: {index.docker.io: {}}\n',
      ['1:11 mirror-docker-hub-name'],
    ],
    [
      'an endpoint with a login, and one that is no URL',
      'mirrors: {a.io: {endpoint: ["https://u:planted-secret@b.io", "b.io/?x"]}}\n',
      ['1:29 endpoint-invalid', '1:62 endpoint-invalid'],
    ],
    [
      'an endpoint twice',
      'mirrors: {a.io: {endpoint: [b.io, b.io]}}\n',
      ['1:35 endpoint-repeated'],
    ],
    [
      'a pattern that Go does not take',
      'mirrors: {a.io: {rewrite: {"(?=a)": b, "": c}}}\n',
      ['1:28 rewrite-invalid', '1:40 rewrite-invalid'],
    ],
    [
      'more endpoints and rewrites than a mirror takes',
      `mirrors: {a.io: {endpoint: [${Array.from({ length: 51 }, (_, i) => `m${i}.io`).join()}], rewrite: {${Array.from({ length: 101 }, (_, i) => `"p${i}": x`).join()}}}}\n`,
      ['1:369 too-many-endpoints', '1:1278 too-many-rewrites'],
    ],
  ])('%s is told, with its place', (_, document, lost) => {
    expect(lostOf(document)).toEqual(lost);
    expect(JSON.stringify(plan(document).notImported)).not.toContain('planted-secret');
  });

  test('the certificate files that Moorage itself put on the node are not told', () => {
    const registries = [{ ...known, hasCaCertificate: true, hasClientCertificate: true }];
    const path = '/etc/rancher/k3s/tls/reg.example.com';
    const file = `configs:\n  reg.example.com:\n    tls: {ca_file: ${path}.crt, cert_file: ${path}.client.crt, key_file: ${path}.client.key}\n`;
    expect(lostOf(file, { registries, mirrors: [] })).toEqual([]);
    expect(lostOf(file)).toHaveLength(3);
  });

  test('mirrors and registries beyond what is imported at once are told', () => {
    const many = (count: number, value: string) =>
      Array.from({ length: count }, (_, i) => `r${i}.io: ${value}`).join();
    const login = '{auth: {username: a, password: b}}';
    const file = `mirrors: {${many(501, '{}')}}\nconfigs: {${many(1001, login)}}\n`;
    expect(lostOf(file).map((entry) => entry.replace(/^\S+ /, ''))).toEqual([
      'too-many-mirrors',
      'too-many-registries',
    ]);
  });

  test('beyond a thousand entries the rest is counted', () => {
    const file = Array.from({ length: 1500 }, (_, i) => `k${i}: x`).join('\n');
    const { notImported } = plan(file);
    expect(notImported).toHaveLength(1001);
    expect(notImported.at(-1)).toMatchObject({
      code: 'node-config-import.more',
      parameters: { count: '500' },
      line: 1001,
    });
  });
});

describe('a file that a node would not load', () => {
  test.each<[string, string, number]>([
    ['a tab', 'mirrors:\n\tdocker.io: {}\n', 2],
    ['an endpoint that is no list', 'mirrors:\n  a.io:\n    endpoint: https://b.io\n', 3],
    ['an unquoted star', 'mirrors:\n  *:\n    endpoint: []\n', 2],
  ])('%s: is refused with its line', (_, document, line) => {
    const planned = planNodeConfigImport({ document, distribution: 'k3s' }, empty);
    expect(planned).toMatchObject({
      ok: false,
      error: { code: 'registries-yaml.load-error', line },
    });
  });
});

test('the checker’s findings come with the plan', () => {
  const seed =
    'mirrors: {docker.io: {endpoint: ["https://mycustomreg.com:5000"]}}\nconfigs: {"mycustomreg:5000": {auth: {username: x, password: y}}}\n';
  expect(plan(seed).diagnostics.map(({ code }) => code)).toContain(
    'registries-yaml.config-near-miss',
  );
  expect(loginsOf(seed)).toEqual([['mycustomreg:5000', 'x', 'y']]);
});
