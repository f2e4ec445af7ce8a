import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { SecretText } from '../secret-text.js';
import { buildNodeConfig, type NodeConfigFormat, nodeConfigFormats } from './build-node-config.js';
import {
  maskedSecret,
  type NodeConfig,
  type NodeConfigModel,
  type NodeConfigRegistry,
} from './model.js';

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

const login = {
  credential: { id: 'c', username: 'robot', password: SecretText.of('planted-password') },
};

const model: NodeConfigModel = {
  mirrors: [
    {
      registry: 'docker.io',
      endpoints: ['https://m.io:5000', 'http://n.io/v2/proxy', 'https://o.io/custom/root'],
      rewrites: [
        { pattern: '^rancher/(.*)', replacement: 'mirror/rancher/$1' },
        { pattern: 'x+', replacement: 'y' },
      ],
    },
    { registry: '*', endpoints: ['https://m.io:5000'], rewrites: [] },
  ],
  registries: [
    buildRegistry('docker.io', login),
    buildRegistry('m.io:5000', {
      ...login,
      deliver: 'nodes',
      tls: {
        insecureSkipVerify: true,
        caCertificate: 'CA',
        clientCertificate: 'CERT',
        clientKey: SecretText.of('planted-key'),
      },
    }),
    buildRegistry('plain.lan:5000', { scheme: 'http' }),
    buildRegistry('ghcr.io', { scopedCredentials: [{ id: 's', scope: 'team' }] }),
    buildRegistry('123456789012.dkr.ecr.eu-central-1.amazonaws.com'),
  ],
};

const build = (format: NodeConfigFormat, secrets: 'masked' | 'included' = 'included') =>
  buildNodeConfig(model, { format, secrets });
const contentOf = (format: NodeConfigFormat, path: string) =>
  build(format).files.find((file) => file.path.endsWith(path))?.content ?? '';

describe('every format', () => {
  test.each(nodeConfigFormats)('%s shows no secret while masked', (format) => {
    const text = JSON.stringify(build(format, 'masked'));
    expect(text).not.toContain('planted');
    expect(text).not.toContain(btoa('robot:planted-password'));
  });

  test.each(nodeConfigFormats)('%s is the same for the same model', (format) => {
    const reversed = { mirrors: model.mirrors, registries: model.registries.toReversed() };
    const again = buildNodeConfig(reversed, { format, secrets: 'included' });
    expect(again.files).toEqual(build(format).files);
  });

  test.each(nodeConfigFormats)('%s keeps files with secrets for root alone', (format) => {
    const open = build(format).files.filter((file) => file.mode !== '0600');
    expect(JSON.stringify(open)).not.toContain('planted');
    expect(JSON.stringify(open)).not.toContain(btoa('robot:planted-password'));
  });
});

describe('containerd-hosts', () => {
  test('has one directory per registry, with the registry itself as server', () => {
    const text = contentOf('containerd-hosts', 'certs.d/docker.io/hosts.toml');
    const tls = { ca: '/etc/containerd/tls/m.io_5000.crt', skip_verify: true };
    expect(parseToml(text)).toMatchObject({
      server: 'https://registry-1.docker.io',
      host: {
        'https://m.io:5000': { capabilities: ['pull', 'resolve'], ...tls },
        'http://n.io/v2/proxy': { override_path: true },
        'https://o.io/custom/root': { override_path: true },
      },
    });
  });

  test('speaks http to a registry by its server line and replaces the port in the name', () => {
    const text = contentOf('containerd-hosts', 'certs.d/plain.lan_5000_/hosts.toml');
    expect(parseToml(text)).toMatchObject({ server: 'http://plain.lan:5000' });
    expect(text).not.toContain('[host."http://plain.lan:5000"]');
  });

  test('has a directory for all other registries without a server', () => {
    const table = parseToml(contentOf('containerd-hosts', 'certs.d/_default/hosts.toml'));
    expect(Object.keys(table)).toEqual(['host']);
  });

  test('hands logins to config.toml, which costs a restart of containerd', () => {
    const table = parseToml(contentOf('containerd-hosts', 'moorage-registries.toml'));
    expect(table).toHaveProperty(
      [
        'plugins',
        'io.containerd.cri.v1.images',
        'registry',
        'configs',
        'registry-1.docker.io',
        'auth',
      ],
      { username: 'robot', password: 'planted-password' },
    );
    expect(build('containerd-hosts').restart).toBe('containerd');
    const open = { mirrors: model.mirrors, registries: [] };
    expect(buildNodeConfig(open, { format: 'containerd-hosts', secrets: 'included' }).restart).toBe(
      'live',
    );
  });

  test('says which containerd takes the logins, and only where there are some', () => {
    const code = 'node-config.logins-need-containerd-2';
    const codes = (config: NodeConfig) => config.diagnostics.map((diagnostic) => diagnostic.code);
    expect(codes(build('containerd-hosts'))).toContain(code);
    expect(contentOf('containerd-hosts', 'moorage-registries.toml')).toContain(
      'plugins."io.containerd.grpc.v1.cri".registry',
    );
    const open = { mirrors: model.mirrors, registries: [] };
    const without = buildNodeConfig(open, { format: 'containerd-hosts', secrets: 'included' });
    expect(codes(without)).not.toContain(code);
  });

  test('reports rewrites, which stock containerd has not', () => {
    const codes = build('containerd-hosts').notExpressible.map((n) => n.code);
    expect(codes).toEqual([
      'node-config.scoped-credential',
      'node-config.rewrite',
      'node-config.rewrite',
    ]);
  });
});

describe('crio', () => {
  test('turns endpoints into mirrors and a leading path into a prefix of its own', () => {
    expect(parseToml(contentOf('crio', '50-moorage.conf'))).toEqual({
      registry: [
        {
          prefix: 'docker.io',
          location: 'docker.io',
          mirror: [
            { location: 'm.io:5000', insecure: true },
            { location: 'n.io/proxy', insecure: true },
          ],
        },
        {
          prefix: 'docker.io/rancher',
          location: 'docker.io/rancher',
          mirror: [
            { location: 'm.io:5000/mirror/rancher', insecure: true },
            { location: 'n.io/proxy/mirror/rancher', insecure: true },
          ],
        },
        { prefix: 'm.io:5000', location: 'm.io:5000', insecure: true },
        { prefix: 'plain.lan:5000', location: 'plain.lan:5000', insecure: true },
      ],
    });
  });

  test('reports API roots, other rewrites, the wildcard and scoped credentials', () => {
    expect(build('crio').notExpressible.map((n) => n.code)).toEqual([
      'node-config.endpoint-path',
      'node-config.rewrite',
      'node-config.wildcard-mirror',
      'node-config.scoped-credential',
    ]);
  });

  test('names Docker Hub docker.io in the auth file', () => {
    expect(JSON.parse(contentOf('crio', 'auth.json'))).toEqual({
      auths: {
        'docker.io': { auth: btoa('robot:planted-password') },
        'm.io:5000': { auth: btoa('robot:planted-password') },
      },
    });
  });

  test.each([
    ['(.*)', 'proxy/$1', 'm.io/proxy'],
    ['^(.*)$', `a/b/\${1}`, 'm.io/a/b'],
  ])('%s → %s becomes a location', (pattern, replacement, location) => {
    const mirrors = [
      { registry: 'quay.io', endpoints: ['m.io'], rewrites: [{ pattern, replacement }] },
    ];
    const config = buildNodeConfig(
      { mirrors, registries: [] },
      { format: 'crio', secrets: 'masked' },
    );
    expect(config.files[0]?.content).toContain(`location = "${location}"`);
    expect(config.notExpressible).toEqual([]);
  });
});

describe('docker', () => {
  test('has mirrors without path for Docker Hub only', () => {
    expect(JSON.parse(contentOf('docker', 'daemon.json'))).toEqual({
      'registry-mirrors': ['https://m.io:5000/'],
      'insecure-registries': ['m.io:5000', 'plain.lan:5000'],
    });
    expect(build('docker').notExpressible.map((n) => n.code)).toEqual([
      'node-config.mirror',
      'node-config.endpoint-path',
      'node-config.endpoint-path',
      'node-config.rewrite',
      'node-config.rewrite',
      'node-config.scoped-credential',
    ]);
  });

  test('puts certificates where dockerd looks, and logins where the kubelet looks', () => {
    const paths = build('docker').files.map((file) => file.path);
    expect(paths).toEqual([
      '/etc/docker/daemon.json',
      '/etc/docker/certs.d/m.io:5000/ca.crt',
      '/etc/docker/certs.d/m.io:5000/client.cert',
      '/etc/docker/certs.d/m.io:5000/client.key',
      '/var/lib/kubelet/config.json',
    ]);
    expect(contentOf('docker', 'config.json')).toContain('https://index.docker.io/v1/');
  });
});

test('kubelet-credential-provider names the plugin of the cloud and reports the rest', () => {
  expect(parseYaml(contentOf('kubelet-credential-provider', 'provider.yaml'))).toEqual({
    apiVersion: 'kubelet.config.k8s.io/v1',
    kind: 'CredentialProviderConfig',
    providers: [
      {
        name: 'ecr-credential-provider',
        apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
        matchImages: ['123456789012.dkr.ecr.eu-central-1.amazonaws.com'],
        defaultCacheDuration: '12h',
      },
    ],
  });
  const { notExpressible } = build('kubelet-credential-provider');
  expect(notExpressible.map((n) => n.code)).toEqual([
    ...Array(3).fill('node-config.no-plugin'),
    'node-config.mirror',
  ]);
});

test('kubelet-credential-provider is no file without a provider: the kubelet refuses an empty list', () => {
  const config = buildNodeConfig(
    { mirrors: [], registries: [] },
    { format: 'kubelet-credential-provider', secrets: 'masked' },
  );
  expect(config.files).toEqual([]);
});

test('rancher-cluster names Secrets and carries the CA as base64', () => {
  const cluster: unknown = parseYaml(contentOf('rancher-cluster', 'cluster.yaml'));
  expect(cluster).toHaveProperty(['spec', 'rkeConfig', 'registries', 'configs', 'm.io:5000'], {
    authConfigSecretName: 'moorage-m.io-5000-auth',
    tlsSecretName: 'moorage-m.io-5000-tls',
    caBundle: btoa('CA'),
    insecureSkipVerify: true,
  });
  const secrets = parseAllDocuments(contentOf('rancher-cluster', 'secrets.yaml'));
  expect(secrets.map((document): unknown => document.toJS())).toMatchObject([
    { metadata: { name: 'moorage-docker.io-auth', namespace: 'fleet-default' } },
    {
      type: 'kubernetes.io/basic-auth',
      stringData: { username: 'robot', password: 'planted-password' },
    },
    { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'CERT' } },
    { metadata: { name: 'moorage-registry-1.docker.io-auth' } },
  ]);
  expect(build('rancher-cluster', 'masked').files[1]?.content).toContain(maskedSecret);
});
