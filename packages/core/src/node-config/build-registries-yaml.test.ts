import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SecretText } from '../secret-text.js';
import { buildRegistriesYaml } from './build-registries-yaml.js';
import {
  maskedSecret,
  type NodeConfigModel,
  type NodeConfigOptions,
  type NodeConfigRegistry,
} from './model.js';

const k3s: NodeConfigOptions = { distribution: 'k3s', secrets: 'included' };
const rke2: NodeConfigOptions = { distribution: 'rke2', secrets: 'included' };

function buildRegistry(
  address: string,
  overrides: Partial<NodeConfigRegistry> = {},
): NodeConfigRegistry {
  return {
    id: `id-${address}`,
    address,
    deliver: 'both',
    scheme: 'https',
    tls: { insecureSkipVerify: false },
    credential: null,
    scopedCredentials: [],
    ...overrides,
  };
}

function login(username: string, password: string) {
  return { credential: { id: 'c', username, password: SecretText.of(password) } };
}

function render(model: Partial<NodeConfigModel>, options = k3s) {
  const config = buildRegistriesYaml({ mirrors: [], registries: [], ...model }, options);
  const file = config.files[0];
  const document: unknown = parse(file?.content ?? '', { version: '1.1', uniqueKeys: true });
  return { config, content: file?.content ?? '', document };
}

describe('registries.yaml', () => {
  test('stands in the folder of the distribution with mode 0600', () => {
    expect(render({}).config.files[0]).toMatchObject({
      path: '/etc/rancher/k3s/registries.yaml',
      mode: '0600',
    });
    expect(render({}, rke2).config.files[0]?.path).toBe('/etc/rancher/rke2/registries.yaml');
  });

  test('holds endpoints in order, rewrites and logins', () => {
    const { document } = render({
      mirrors: [
        {
          registry: 'docker.io',
          endpoints: ['https://b.example.com:5000', 'a.example.com/v2/proxy'],
          rewrites: [{ pattern: '^rancher/(.*)', replacement: 'mirror/$1' }],
        },
      ],
      registries: [buildRegistry('b.example.com:5000', login('robot', 'pass'))],
    });
    expect(document).toEqual({
      mirrors: {
        'docker.io': {
          endpoint: ['https://b.example.com:5000', 'a.example.com/v2/proxy'],
          rewrite: { '^rancher/(.*)': 'mirror/$1' },
        },
      },
      configs: { 'b.example.com:5000': { auth: { username: 'robot', password: 'pass' } } },
    });
  });

  test('masks every secret unless it is asked for', () => {
    const registry = buildRegistry('reg.example.com', {
      ...login('robot', 'planted-password'),
      tls: {
        insecureSkipVerify: false,
        clientCertificate: 'CERT',
        clientKey: SecretText.of('planted-key'),
      },
    });
    const masked = buildRegistriesYaml(
      { mirrors: [], registries: [registry] },
      { distribution: 'k3s', secrets: 'masked' },
    );
    const text = JSON.stringify(masked);
    expect(text).not.toContain('planted');
    expect(text).toContain(maskedSecret);
    expect(masked.files[0]?.content).toContain('masked');
  });

  test('keeps the login of a registry that is delivered by pull secret only off the nodes', () => {
    const registry = buildRegistry('quay.io', { deliver: 'pull-secret', ...login('u', 'p') });
    expect(render({ registries: [registry] }).document).toEqual({ mirrors: {}, configs: {} });
  });

  test('reports a scoped credential as not expressible', () => {
    const registry = buildRegistry('ghcr.io', {
      scopedCredentials: [{ id: 's', scope: 'team-a' }],
    });
    expect(render({ registries: [registry] }).config.notExpressible).toMatchObject([
      { code: 'node-config.scoped-credential', detail: expect.stringContaining('ghcr.io/team-a') },
    ]);
  });

  test('keys the Docker Hub login by the host that containerd asks', () => {
    const registries = [buildRegistry('docker.io', login('u', 'p'))];
    const auth = { auth: { username: 'u', password: 'p' } };
    expect(render({ registries }).document).toMatchObject({
      configs: { 'registry-1.docker.io': auth },
    });
  });

  test('adds the key that the RKE2 bootstrap pull looks for', () => {
    const registries = [buildRegistry('docker.io', login('u', 'p'))];
    const auth = { auth: { username: 'u', password: 'p' } };
    expect(render({ registries }, rke2).document).toMatchObject({
      configs: { 'docker.io': auth, 'registry-1.docker.io': auth },
    });
  });

  test('gives an endpoint written with :443 the settings of its registry', () => {
    const { document } = render({
      mirrors: [
        { registry: 'docker.io', endpoints: ['https://reg.example.com:443'], rewrites: [] },
      ],
      registries: [buildRegistry('reg.example.com', login('u', 'p'))],
    });
    const auth = { auth: { username: 'u', password: 'p' } };
    expect(document).toMatchObject({
      configs: { 'reg.example.com': auth, 'reg.example.com:443': auth },
    });
  });

  test('does not give an http endpoint the login of an https registry under a further name', () => {
    const { document } = render({
      mirrors: [{ registry: 'docker.io', endpoints: ['http://reg.example.com:80'], rewrites: [] }],
      registries: [buildRegistry('reg.example.com', login('u', 'p'))],
    });
    expect(document).toHaveProperty('configs', {
      'reg.example.com': { auth: { username: 'u', password: 'p' } },
    });
  });

  test('gives a registry that speaks http an endpoint of its own, after its mirrors', () => {
    const { document } = render({
      mirrors: [{ registry: 'reg.lan:5000', endpoints: ['https://m.example.com'], rewrites: [] }],
      registries: [
        buildRegistry('reg.lan:5000', { scheme: 'http' }),
        buildRegistry('other.lan', { scheme: 'http' }),
        buildRegistry('localhost:5000', { scheme: 'http' }),
      ],
    });
    expect(document).toMatchObject({
      mirrors: {
        'other.lan': { endpoint: ['http://other.lan'] },
        'reg.lan:5000': { endpoint: ['https://m.example.com', 'http://reg.lan:5000'] },
      },
    });
    expect(document).not.toHaveProperty(['mirrors', 'localhost:5000']);
  });

  test('leaves the TLS settings of an http registry out and says so', () => {
    const registry = buildRegistry('reg.lan', {
      scheme: 'http',
      tls: { insecureSkipVerify: true },
    });
    const { document, config } = render({ registries: [registry] });
    expect(document).toMatchObject({ configs: {} });
    expect(config.diagnostics.map((d) => d.code)).toContain('node-config.http-with-tls');
  });

  test('repeats the mirror for every registry where a login would shield from it', () => {
    const { document } = render({
      mirrors: [{ registry: '*', endpoints: ['https://cache.example.com'], rewrites: [] }],
      registries: [
        buildRegistry('quay.io', login('u', 'p')),
        buildRegistry('cache.example.com', login('u', 'p')),
      ],
    });
    expect(document).toHaveProperty('mirrors', {
      'quay.io': { endpoint: ['https://cache.example.com'] },
      '*': { endpoint: ['https://cache.example.com'] },
    });
  });

  test('writes certificates beside the file and points to them', () => {
    const registry = buildRegistry('reg.example.com:5000', {
      tls: {
        insecureSkipVerify: true,
        caCertificate: 'CA',
        clientCertificate: 'CERT',
        clientKey: SecretText.of('KEY'),
      },
    });
    const { document, config } = render({ registries: [registry] }, rke2);
    const stem = '/etc/rancher/rke2/tls/reg.example.com_5000';
    expect(document).toMatchObject({
      configs: {
        'reg.example.com:5000': {
          tls: {
            ca_file: `${stem}.crt`,
            cert_file: `${stem}.client.crt`,
            key_file: `${stem}.client.key`,
            insecure_skip_verify: true,
          },
        },
      },
    });
    expect(config.files.slice(1)).toEqual([
      { path: `${stem}.client.crt`, mode: '0644', content: 'CERT\n' },
      { path: `${stem}.client.key`, mode: '0600', content: 'KEY\n' },
      { path: `${stem}.crt`, mode: '0644', content: 'CA\n' },
    ]);
  });

  test('leaves out an endpoint that could change the meaning of hosts.toml', () => {
    const endpoints = [
      'https://a"b.example.com',
      'https://x\n[host]',
      'ftp://x',
      '',
      'ok.example.com',
    ];
    const { document, config } = render({
      mirrors: [{ registry: 'docker.io', endpoints, rewrites: [] }],
    });
    expect(document).toHaveProperty(['mirrors', 'docker.io', 'endpoint'], ['ok.example.com']);
    expect(
      config.diagnostics.filter((d) => d.code === 'node-config.endpoint-invalid'),
    ).toHaveLength(4);
  });

  test('leaves out a mirror whose registry is no address', () => {
    const mirrors = ['../../etc', 'a b', 'a"b', ''].map((registry) => ({
      registry,
      endpoints: ['m.example.com'],
      rewrites: [],
    }));
    const { document, config } = render({ mirrors });
    expect(document).toEqual({ mirrors: {}, configs: {} });
    expect(config.diagnostics.map((d) => d.code)).toEqual(
      Array(4).fill('node-config.registry-invalid'),
    );
  });

  test('writes a rewrite without backslashes, or reports it', () => {
    const rewrites = [
      { pattern: '^a\\.b/', replacement: 'x/' },
      { pattern: '\\bnginx', replacement: 'n' },
      { pattern: '(?=a)', replacement: 'n' },
      { pattern: 'a', replacement: '"\n[host]' },
    ];
    const { document, config } = render({
      mirrors: [{ registry: 'docker.io', endpoints: ['m.example.com'], rewrites }],
    });
    expect(document).toHaveProperty(['mirrors', 'docker.io', 'rewrite'], { '^a[.]b/': 'x/' });
    expect(config.notExpressible.map((n) => n.code)).toEqual(Array(3).fill('node-config.rewrite'));
  });

  test('keeps off the nodes a password that containerd could not load', () => {
    const registry = buildRegistry('reg.example.com', login('u', 'bell\u0007'));
    const { document, config } = render({ registries: [registry] });
    expect(document).toMatchObject({ configs: {} });
    expect(config.notExpressible[0]?.code).toBe('node-config.unsafe-credential');
  });

  test('warns that a pull secret beats the login of the mirror', () => {
    const { config } = render({
      mirrors: [{ registry: 'docker.io', endpoints: ['https://m.example.com'], rewrites: [] }],
      registries: [
        buildRegistry('docker.io', login('u', 'p')),
        buildRegistry('m.example.com', { ...login('v', 'q'), deliver: 'nodes' }),
      ],
    });
    expect(config.diagnostics).toMatchObject([
      { code: 'node-config.pull-secret-beats-mirror', path: 'registries.docker.io' },
    ]);
  });

  test('does not depend on the order of mirrors and registries', () => {
    const mirrors = ['quay.io', '*', 'docker.io'].map((registry) => ({
      registry,
      endpoints: ['https://m.example.com'],
      rewrites: [],
    }));
    const registries = ['b.io', 'a.io'].map((address) => buildRegistry(address, login('u', 'p')));
    const forward = render({ mirrors, registries }).content;
    const backward = render({
      mirrors: mirrors.toReversed(),
      registries: registries.toReversed(),
    }).content;
    expect(backward).toBe(forward);
  });
});

test('a mirror of every registry is said to be repeated for a loopback registry, not to be reached by http', () => {
  const mirrors = [{ registry: '*', endpoints: ['https://mirror.example.com'], rewrites: [] }];
  const registries = [buildRegistry('127.0.0.1:5000', { scheme: 'http', ...login('u', 'p') })];
  const { config, content } = render({ mirrors, registries });
  expect(content).not.toContain('http://127.0.0.1:5000');
  expect(config.diagnostics.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['node-config.wildcard-copied']),
  );
  expect(config.diagnostics.map(({ code }) => code)).not.toContain(
    'node-config.http-endpoint-added',
  );
});
