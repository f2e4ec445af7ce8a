import { describe, expect, test } from 'vitest';
import { isLocalhost, normalizeEndpoint } from './endpoint-address.js';
import { buildHostConfigs, type HostOptions } from './hosts.js';
import { formatHostsToml } from './hosts-toml.js';
import { loadRegistriesYaml } from './load.js';

const plain: HostOptions = {
  distribution: 'k3s',
  disableDefaultEndpoint: false,
  embeddedRegistry: null,
};
const noDefault: HostOptions = { ...plain, disableDefaultEndpoint: true };
const embedded: HostOptions = { ...plain, embeddedRegistry: '127.0.0.1:6443' };

const build = (text: string, options = plain) =>
  buildHostConfigs(loadRegistriesYaml(text).file, options);
const urls = (text: string, registry: string, options = plain) => {
  const host = build(text, options).hosts.get(registry);
  return host && { default: host.default?.url, endpoints: host.endpoints.map((e) => e.url) };
};

describe('normalizeEndpoint', () => {
  test.each([
    ['registry.example.com', 'https://registry.example.com/v2', false],
    ['registry.example.com:443', 'https://registry.example.com:443/v2', false],
    ['https://registry.example.com', 'https://registry.example.com/v2', false],
    ['https://registry.example.com/', 'https://registry.example.com/v2', false],
    ['https://registry.example.com/v2', 'https://registry.example.com/v2', false],
    ['https://registry.example.com/v2/', 'https://registry.example.com/v2/', true],
    ['https://registry.example.com/prefix', 'https://registry.example.com/prefix', true],
    ['registry.example.com/prefix/v2', 'https://registry.example.com/prefix/v2', true],
    ['https://h/v2/proxy', 'https://h/v2/proxy', true],
    ['localhost:5000', 'http://localhost:5000/v2', false],
    ['localhost:80', 'http://localhost:80/v2', false],
    ['127.0.0.1:5000', 'http://127.0.0.1:5000/v2', false],
    ['127.9.9.9:5000', 'http://127.9.9.9:5000/v2', false],
    ['[::1]:5000', 'http://[::1]:5000/v2', false],
    ['localhost', 'https://localhost/v2', false],
    ['localhost:443', 'https://localhost:443/v2', false],
    ['https://localhost:5000', 'https://localhost:5000/v2', false],
    ['foo.localhost:5000', 'https://foo.localhost:5000/v2', false],
    ['10.0.0.1:5000', 'https://10.0.0.1:5000/v2', false],
    ['mirror:80', 'https://mirror:80/v2', false],
    ['docker.io', 'https://registry-1.docker.io/v2', false],
    ['index.docker.io', 'https://index.docker.io/v2', false],
    ['ftp://h', 'ftp://h/v2', false],
    ['HTTPS://Host', 'https://Host/v2', false],
    ['https://u:p@h?a=b#c', 'https://u:p@h/v2?a=b#c', false],
    ['/v2', 'https://///v2', true],
    ['', 'https:///v2', false],
  ])('%j becomes %j, path override %j', (text, url, overridePath) => {
    expect(normalizeEndpoint(text, null)).toMatchObject({ value: { url, overridePath } });
  });

  test.each([
    'https://h:abc',
    'https://a b',
    'https://h/%zz',
    'https://[::1',
    '1http://x',
    'https://h\u0001',
  ])('does not read %j', (text) => {
    expect(normalizeEndpoint(text, null).ok).toBe(false);
  });

  test('speaks https to the embedded registry although it is on loopback', () => {
    expect(normalizeEndpoint('127.0.0.1:6443', '127.0.0.1:6443')).toMatchObject({
      value: { url: 'https://127.0.0.1:6443/v2' },
    });
  });

  test.each([
    ['localhost', true],
    ['localhost:5000', true],
    ['::1', true],
    ['[::1]:5000', true],
    ['[::1]', false],
    ['127.0.0.1', true],
    ['127.0.0.01', false],
    ['128.0.0.1', false],
    ['localhost.example.com', false],
  ])('%s is localhost: %s', (host, expected) => {
    expect(isLocalhost(host)).toBe(expected);
  });
});

describe('building the set of endpoints', () => {
  const mirror = (name: string, ...endpoints: string[]) =>
    `mirrors:\n  "${name}":\n    endpoint: ${JSON.stringify(endpoints)}\n`;

  test('a mirror without endpoints writes no directory', () => {
    expect(build('mirrors: {docker.io: }').hosts.size).toBe(0);
  });

  test('the default alone, listed, writes no directory', () => {
    expect(build(mirror('docker.io', 'docker.io')).hosts.size).toBe(0);
  });

  test('the default listed last is folded into the default', () => {
    expect(urls(mirror('docker.io', 'a.io', 'docker.io'), 'docker.io')).toEqual({
      default: 'https://registry-1.docker.io/v2',
      endpoints: ['https://a.io/v2'],
    });
  });

  test('the default listed first is tried first and last', () => {
    expect(urls(mirror('docker.io', 'docker.io', 'a.io'), 'docker.io')).toEqual({
      default: 'https://registry-1.docker.io/v2',
      endpoints: ['https://registry-1.docker.io/v2', 'https://a.io/v2'],
    });
  });

  test('the same URL in another spelling is dropped with a note', () => {
    const text = mirror('docker.io', 'a.io', 'https://a.io/v2', 'b.io', 'https://a.io');
    expect(urls(text, 'docker.io')?.endpoints).toEqual(['https://a.io/v2', 'https://b.io/v2']);
    expect(build(text).notes.map((n) => [n.problem, n.endpoint])).toEqual([
      [null, 1],
      [null, 3],
    ]);
  });

  test('an unreadable endpoint is skipped and the others stay', () => {
    const text = mirror('docker.io', 'https://h:abc', 'a.io');
    expect(urls(text, 'docker.io')?.endpoints).toEqual(['https://a.io/v2']);
    expect(build(text).notes).toMatchObject([{ problem: 'port', endpoint: 0 }]);
  });

  test('settings belong to the host of the endpoint, not to the mirrored registry', () => {
    const text = `${mirror('docker.io', 'a.io')}configs:\n  a.io: {tls: {ca_file: /a}}\n  docker.io: {tls: {ca_file: /d}}\n`;
    const host = build(text).hosts.get('docker.io');
    expect(host?.default?.tls?.caFile).toBe('/d');
    expect(host?.endpoints[0]?.tls?.caFile).toBe('/a');
  });

  test.each([
    ['a.io', 'a.io:5000'],
    ['a.io:443', 'a.io'],
    ['A.io', 'a.io'],
    ['https://a.io', 'a.io'],
    ['a.io/v2', 'a.io'],
  ])('settings under %s are not used for the endpoint %s', (key, endpoint) => {
    const text = `${mirror('docker.io', endpoint)}configs:\n  "${key}": {tls: {ca_file: /a}}\n`;
    expect(build(text).hosts.get('docker.io')?.endpoints[0]?.tls).toBeNull();
  });

  test('for Docker Hub the key of the host asked comes before docker.io', () => {
    const text =
      'mirrors: {quay.io: {endpoint: [docker.io]}}\nconfigs:\n  docker.io: {tls: {ca_file: /d}}\n  registry-1.docker.io: {tls: {ca_file: /r}}\n';
    expect(build(text).hosts.get('quay.io')?.endpoints[0]?.tls?.caFile).toBe('/r');
  });

  test('an entry in configs alone makes a directory of its own', () => {
    expect(urls('configs: {quay.io: {auth: {username: u}}}', 'quay.io')).toEqual({
      default: 'https://quay.io/v2',
      endpoints: [],
    });
  });

  test('with the default disabled it stays an endpoint when listed', () => {
    expect(urls(mirror('docker.io', 'a.io', 'docker.io'), 'docker.io', noDefault)).toEqual({
      default: undefined,
      endpoints: ['https://a.io/v2', 'https://registry-1.docker.io/v2'],
    });
  });

  test('a configs entry keeps the default although it is disabled', () => {
    const text = `${mirror('a.io', 'b.io')}configs: {a.io: {tls: {}}}\n`;
    expect(urls(text, 'a.io', noDefault)?.default).toBe('https://a.io/v2');
  });

  test('the wildcard has an empty default, or none when it is disabled', () => {
    expect(urls(mirror('*', 'a.io'), '_default')?.default).toBe('');
    expect(urls(mirror('*', 'a.io'), '_default', noDefault)?.default).toBeUndefined();
  });

  test('the wildcard mirror replaces the wildcard settings', () => {
    const config = 'configs: {"*": {tls: {insecure_skip_verify: true}}}\n';
    expect(build(config).hosts.get('_default')?.default).toMatchObject({ url: null, tls: {} });
    expect(build(mirror('*', 'a.io') + config).hosts.get('_default')?.default?.tls).toBeNull();
  });

  test('the embedded registry comes first, without rewrites, and never for localhost', () => {
    const text =
      'mirrors:\n  docker.io: {endpoint: [a.io], rewrite: {p: q}}\n  "localhost:5000":\n  quay.io:\n';
    const { hosts } = build(text, embedded);
    expect([...hosts.keys()].toSorted()).toEqual(['127.0.0.1:6443', 'docker.io', 'quay.io']);
    expect(hosts.get('docker.io')?.endpoints.map((e) => [e.url, e.rewrites.length])).toEqual([
      ['https://127.0.0.1:6443/v2', 0],
      ['https://a.io/v2', 1],
    ]);
    expect(hosts.get('docker.io')?.endpoints[0]?.tls?.keyFile).toBe(
      '/var/lib/rancher/k3s/agent/client-k3s-controller.key',
    );
  });

  test('the embedded registry overwrites settings of its address', () => {
    const text = 'configs: {"127.0.0.1:6443": {auth: {username: u}}}';
    expect(build(text, embedded).hosts.get('127.0.0.1:6443')?.default?.auth).toBeNull();
  });
});

describe('hosts.toml', () => {
  const toml = (text: string, registry: string, options = plain) => {
    const host = build(text, options).hosts.get(registry);
    return host && formatHostsToml(host, options.distribution);
  };

  test('has every setting where K3s prints it', () => {
    const text = [
      'mirrors:',
      '  docker.io:',
      '    endpoint: ["https://registry.example.com:5000", "https://b.io/prefix"]',
      '    rewrite: {"^rancher/(.*)": "mirrorproject/rancher-images/$1", "^a": "b"}',
      'configs:',
      '  docker.io: {tls: {ca_file: /ca.crt, cert_file: /client.crt, key_file: /client.key}}',
      '  "registry.example.com:5000": {tls: {cert_file: /c.crt, insecure_skip_verify: true}}',
    ].join('\n');
    expect(toml(text, 'docker.io')).toBe(
      `# File generated by k3s. DO NOT EDIT.
server = "https://registry-1.docker.io/v2"
capabilities = ["pull", "resolve", "push"]
ca = ["/ca.crt"]
client = [["/client.crt", "/client.key"]]

[host]

[host."https://registry.example.com:5000/v2"]
  capabilities = ["pull", "resolve"]
  client = [["/c.crt", ""]]
  skip_verify = true
  [host."https://registry.example.com:5000/v2".rewrite]
    "^a" = "b"
    "^rancher/(.*)" = "mirrorproject/rancher-images/$1"

[host."https://b.io/prefix"]
  capabilities = ["pull", "resolve"]
  override_path = true
  [host."https://b.io/prefix".rewrite]
    "^a" = "b"
    "^rancher/(.*)" = "mirrorproject/rancher-images/$1"
`,
    );
  });

  test('names rke2 on RKE2 and has no server without a default', () => {
    const options = { ...noDefault, distribution: 'rke2' as const };
    expect(toml('mirrors: {a.io: {endpoint: [b.io]}}', 'a.io', options)).toBe(
      '# File generated by rke2. DO NOT EDIT.\n\n[host]\n\n[host."https://b.io/v2"]\n  capabilities = ["pull", "resolve"]\n',
    );
  });

  test('has an empty server for the wildcard mirror and only TLS for wildcard settings', () => {
    expect(toml('mirrors: {"*": {endpoint: [b.io]}}', '_default')).toContain('\nserver = ""\n');
    expect(toml('configs: {"*": {tls: {ca_file: /a}}}', '_default')).toBe(
      '# File generated by k3s. DO NOT EDIT.\nca = ["/a"]\n\n[host]\n',
    );
  });

  test('pastes rewrites as they are and quotes paths as Go does', () => {
    const text = `mirrors: {a.io: {endpoint: [b.io], rewrite: {'^a\\.b': 'c'}}}\nconfigs: {b.io: {tls: {ca_file: "/a\\"\\t\\u200b\\x01é"}}}`;
    expect(toml(text, 'a.io')).toContain('"^a\\.b" = "c"');
    expect(toml(text, 'a.io')).toContain('ca = ["/a\\"\\t\\u200b\\x01é"]');
  });

  test('never prints a rewrite of the default', () => {
    const text = 'mirrors: {docker.io: {endpoint: [docker.io], rewrite: {a: b}}}';
    expect(toml(text, 'docker.io')).not.toContain('rewrite');
  });
});
