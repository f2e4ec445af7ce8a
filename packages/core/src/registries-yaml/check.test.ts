import { describe, expect, test } from 'vitest';
import { checkRegistriesYaml, type RegistriesYamlQuestion } from './check.js';

const ask = (document: string, more: Partial<RegistriesYamlQuestion> = {}) =>
  checkRegistriesYaml({ document, distribution: 'k3s', ...more });
const codes = (document: string, more: Partial<RegistriesYamlQuestion> = {}) =>
  ask(document, more).diagnostics.map((d) => d.code.replace('registries-yaml.', ''));

const mirror = (...endpoints: string[]) =>
  `mirrors: {docker.io: {endpoint: ${JSON.stringify(endpoints)}}}\n`;
const rewrite = (pattern: string, replacement: string) =>
  `mirrors: {docker.io: {endpoint: [m.io], rewrite: {${JSON.stringify(pattern)}: ${JSON.stringify(replacement)}}}}\n`;
const config = (key: string, settings: string) =>
  `configs: {${JSON.stringify(key)}: ${settings}}\n`;
const login = '{auth: {username: u, password: p}}';
const unverified = '{tls: {insecure_skip_verify: true}}';

describe('a file without faults', () => {
  test.each([
    ['an empty one', ''],
    ['a mirror', mirror('https://m.io')],
    [
      'a mirror and its TLS settings',
      mirror('https://m.io:5000') + config('m.io:5000', unverified),
    ],
    ['the default listed last', mirror('m.io', 'docker.io')],
    ['an API root', mirror('https://m.io/v2/proxy', 'https://m.io/artifactory/api/docker/r/v2')],
    ['a login for a registry without mirrors', config('quay.io', login)],
    ['rules that exclude each other', rewrite('^rancher/(.*)', `x/\${1}_y`)],
  ])('%s gets no findings', (_what, document) => {
    expect(ask(document)).toMatchObject({ valid: true, diagnostics: [] });
  });
});

describe('endpoints', () => {
  test.each([
    ['endpoint-invalid', mirror('https://m.io:abc', 'n.io')],
    ['endpoint-without-host', mirror('', 'n.io')],
    ['endpoint-scheme', mirror('ftp://m.io')],
    ['endpoint-userinfo', mirror('https://user:secret@m.io')],
    ['endpoint-query', mirror('https://m.io?x=y')],
    ['endpoint-index-docker-io', mirror('https://index.docker.io')],
    ['endpoint-ipv6', mirror('https://[fd00::1]:5000')],
    ['endpoint-trailing-slash', mirror('https://m.io/v2/')],
    ['endpoint-path-is-api-root', mirror('https://harbor.io/dockerhub')],
    ['duplicate-endpoint', mirror('m.io', 'https://m.io/v2')],
    ['default-not-last', mirror('docker.io', 'm.io')],
    ['http-with-tls', mirror('http://m.io:5000') + config('m.io:5000', unverified)],
    ['hosts-toml-rejected', mirror('https://m"x.io')],
  ])('%s is found', (code, document) => {
    expect(codes(document)).toEqual([code]);
  });

  test('an http endpoint on port 80 with TLS settings is no trap', () => {
    expect(codes(mirror('http://m.io:80') + config('m.io:80', unverified))).toEqual([]);
  });

  test('a login for an http endpoint goes in clear', () => {
    expect(codes(mirror('http://m.io') + config('m.io', login))).toContain('login-in-clear');
  });

  test('a registry whose name is no host is an error', () => {
    expect(ask('mirrors: {"a b": {endpoint: [m.io]}}')).toMatchObject({ valid: false });
  });
});

describe('mirrors', () => {
  test.each([
    ['mirror-without-endpoint', 'mirrors: {quay.io: }'],
    ['mirror-index-docker-io', 'mirrors: {index.docker.io: {endpoint: [m.io]}}'],
    ['mirror-registry-1-docker-io', 'mirrors: {registry-1.docker.io: {endpoint: [m.io]}}'],
    ['mirror-not-a-registry', 'mirrors: {"https://quay.io": {endpoint: [m.io]}}'],
    ['mirror-not-a-registry', 'mirrors: {quay.io/team: {endpoint: [m.io]}}'],
    ['mirror-not-a-registry', 'mirrors: {myregistry: {endpoint: [m.io]}}'],
  ])('%s is found', (code, document) => {
    expect(codes(document)).toEqual([code]);
  });

  test('a mirror without endpoints is right when the embedded registry is on', () => {
    expect(codes('mirrors: {quay.io: }', { embeddedRegistry: '127.0.0.1:6443' })).toEqual([]);
  });

  test('a login at a mirror comes with a warning about pull secrets', () => {
    expect(codes(mirror('m.io') + config('m.io', login))).toEqual(['pull-secret-beats-mirror']);
  });
});

describe('rewrites', () => {
  test.each([
    ['rewrite-breaks-hosts-toml', rewrite('^a\\.b/', 'x')],
    ['rewrite-breaks-hosts-toml', rewrite('a"b', 'x')],
    ['rewrite-breaks-hosts-toml', rewrite('a', '\\1')],
    ['rewrite-misread', rewrite('\\bnginx', 'x')],
    ['rewrite-does-not-compile', rewrite('(?!a)b', 'x')],
    ['rewrite-unknown-group', rewrite('^(a)', '$1_x')],
    ['rewrite-unknown-group', rewrite('^a', '$1')],
    [
      'rewrite-ambiguous',
      'mirrors: {docker.io: {endpoint: [m.io], rewrite: {"^rancher/": "x/", "(.*)": "y/$1"}}}',
    ],
    [
      'rewrite-ambiguous',
      'mirrors: {docker.io: {endpoint: [m.io], rewrite: {"^foo/bar": "x", "^foo/(.*)": "y/$1"}}}',
    ],
    ['rewrite-without-endpoint', 'mirrors: {docker.io: {endpoint: [docker.io], rewrite: {a: b}}}'],
  ])('%s is found', (code, document) => {
    expect(codes(document)).toContain(code);
  });

  test('a portable form is suggested', () => {
    const [diagnostic] = ask(rewrite('^a\\.b/', 'x')).diagnostics.filter((d) =>
      d.code.includes('rewrite'),
    );
    expect(diagnostic?.suggestion).toBe('Write "^a[.]b/".');
  });

  test('the way to rewrite the registry itself is no trap', () => {
    const document = 'mirrors: {reg.io: {endpoint: ["https://reg.io:443"], rewrite: {a: b}}}';
    expect(codes(document)).toEqual([]);
  });

  test('rules that break hosts.toml make the file invalid', () => {
    expect(ask(rewrite('^a\\.b/', 'x')).valid).toBe(false);
  });
});

describe('settings', () => {
  test.each([
    ['config-near-miss', mirror('m.example.com:5000') + config('m.example.com', unverified)],
    ['config-near-miss', mirror('m.example.com') + config('m.example.com:443', unverified)],
    ['config-near-miss', mirror('m.example.com') + config('M.example.com', unverified)],
    ['config-near-miss', mirror('mycustomreg.com:5000') + config('mycustomreg:5000', unverified)],
    [
      'config-near-miss',
      mirror('registry.example.com') + config('regsitry.example.com', unverified),
    ],
    ['config-key-not-a-host', mirror('m.io') + config('https://m.io', unverified)],
    ['config-key-not-a-host', mirror('m.io') + config('m.io/v2', unverified)],
    ['config-key-not-a-host', mirror('m.io') + config('*.io', unverified)],
    ['config-not-for-mirrors', mirror('m.io') + config('docker.io', unverified)],
    ['config-empty', config('quay.io', '')],
    ['cert-without-key', config('quay.io', '{tls: {cert_file: /c}}')],
    ['key-without-cert', config('quay.io', '{tls: {key_file: /c}}')],
    ['auth-empty', config('quay.io', '{auth: {}}')],
    ['auth-without-password', config('quay.io', '{auth: {username: u}}')],
    ['auth-not-base64', config('quay.io', '{auth: {auth: ghp_token}}')],
    ['auth-not-base64', config('quay.io', '{auth: {auth: bm9jb2xvbg==}}')],
    ['auth-breaks-config-toml', config('quay.io', '{auth: {username: u, password: "\\x07"}}')],
    ['docker-hub-login-key', config('docker.io', login)],
    ['docker-hub-login-key', config('index.docker.io', login)],
    ['wildcard-login-unused', config('*', login)],
  ])('%s is found', (code, document) => {
    expect(codes(document)).toEqual([code]);
  });

  test.each([
    'https://m.io/v2',
    'https://u:secret@m.io',
    'u:secret@m.io',
    '*.m.io',
    'https://*.m.io',
    'düsseldorf.io',
    'my_registry.io',
    'https://',
    'a b',
  ])('whatever is suggested for the key %s is a host, or a sentence', (key) => {
    for (const document of [config(key, unverified), `mirrors: {${JSON.stringify(key)}: }\n`]) {
      const found = ask(document).diagnostics.filter(({ code }) =>
        /not-a-(host|registry)/.test(code),
      );
      for (const { message, suggestion, parameters } of found) {
        expect(suggestion).toMatch(/^Write ("m\.io"|each host name|the full host name)/);
        expect(['', 'm.io']).toContain(parameters?.instead);
        expect(message + parameters?.key + parameters?.name).not.toContain('secret');
      }
      expect(found.length).toBeGreaterThan(0);
    }
  });

  test('numbered hosts are no typos of each other', () => {
    expect(codes(mirror('registry1.io') + config('registry2.io', unverified))).toEqual([]);
  });

  test('auth with base64 of user:password is right', () => {
    expect(codes(config('quay.io', '{auth: {auth: dXNlcjpwYXNz}}'))).toEqual([]);
  });

  test.each([
    [
      'with the wildcard mirror they are lost',
      'mirrors: {"*": {endpoint: [m.io]}}\n',
      'wildcard-config-lost',
    ],
    ['with a mirror they do not reach it', mirror('m.io'), 'wildcard-config-not-for-mirrors'],
  ])('wildcard settings: %s', (_what, mirrors, code) => {
    expect(codes(mirrors + config('*', unverified))).toEqual([code]);
  });

  test('an entry that shields a registry from the wildcard mirror is told', () => {
    const all = 'mirrors: {"*": {endpoint: [m.io]}}\n';
    expect(codes(all + config('quay.io', login))).toEqual(['config-shields-from-wildcard']);
    expect(codes(all + config('m.io', unverified))).toEqual([]);
  });

  test('an entry that defeats the disabled default is told', () => {
    const document = mirror('m.io') + config('docker.io', unverified);
    expect(codes(document, { disableDefaultEndpoint: true })).toContain('disable-default-defeated');
  });

  test.each([
    [undefined, 'info'],
    ['v1.32.6+k3s1', 'warning'],
    ['v1.31.14+k3s1', 'warning'],
    ['v1.32.7+k3s1', undefined],
    ['v1.34.0+k3s1', undefined],
  ])('a login under docker.io for release %s is %s', (version, severity) => {
    expect(ask(config('docker.io', login), { version }).diagnostics[0]?.severity).toBe(severity);
  });
});

describe('releases', () => {
  const wildcard = 'mirrors: {"*": {endpoint: [m.io]}}';
  test.each([
    [wildcard, 'v1.29.2+k3s1', ['release-too-old']],
    [wildcard, 'v1.29.3+k3s1', []],
    [wildcard, 'v1.26.15+k3s1', []],
    [wildcard, 'v1.25.16+k3s1', ['release-too-old']],
    [wildcard, 'v1.30.0+rke2r1', []],
    [rewrite('a', 'b'), 'v1.19.16+k3s1', ['release-too-old']],
    [rewrite('a', 'b'), 'v1.20.6+k3s1', []],
    [config('quay.io', unverified), 'v1.29.3+k3s1', ['release-breaks-configs']],
    [config('quay.io', unverified), 'v1.29.4+k3s1', []],
    [wildcard, 'latest', ['version-unreadable']],
  ])('%s on %s: %j', (document, version, expected) => {
    expect(codes(document, { version })).toEqual(expected);
  });

  test('the disable flag and the embedded registry are gated', () => {
    const options = { disableDefaultEndpoint: true, embeddedRegistry: '127.0.0.1:6443' };
    expect(codes(mirror('m.io'), { ...options, version: 'v1.29.0+k3s1' })).toEqual([
      'release-too-old',
      'release-too-old',
    ]);
    expect(codes(mirror('m.io'), { ...options, version: 'v1.29.1+k3s1' })).toEqual([]);
  });
});

describe('RKE2', () => {
  const rke2 = { distribution: 'rke2' as const };
  test('its own first pull is told apart', () => {
    expect(codes(mirror('m.io'), { ...rke2, disableDefaultEndpoint: true })).toEqual([
      'bootstrap-uses-default',
    ]);
    expect(codes(config('registry-1.docker.io', login), rke2)).toEqual(['bootstrap-login-key']);
    expect(codes(mirror('https://m.io/v2/'), rke2)).toContain('bootstrap-cleans-path');
  });

  test('is named in its files', () => {
    expect(ask(mirror('m.io'), rke2).hosts['docker.io']?.hostsToml).toContain('generated by rke2');
  });
});

// One request must not keep the server from everybody else's.
describe('documents made to be slow', () => {
  const names = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('');

  test.each([
    [
      'thousands of keys that match no endpoint',
      `mirrors:\n${names(4000, (i) => `  r${i}.io: {endpoint: [m${i}.io]}\n`)}configs:\n${names(4000, (i) => `  c${i}.io: {tls: {}}\n`)}`,
    ],
    [
      'hundreds of rewrites',
      `mirrors:\n${names(20, (m) => `  r${m}.io: {endpoint: [m.io], rewrite: {${names(50, (i) => `"^x${i}/(.*)": "a/$1", `)}}}\n`)}`,
    ],
    [
      'patterns that grow when compiled',
      `mirrors: {r.io: {endpoint: [m.io], rewrite: {? "${'a{1000}'.repeat(500)}" : x}}}`,
    ],
    [
      'patterns that are slow to try',
      `mirrors: {r.io: {endpoint: [m.io], rewrite: {${names(200, (i) => `"(a?){120}[^a]{${(i % 50) + 1}}": x, `)}}}}`,
    ],
  ])('%s are answered within seconds', (_what, document) => {
    const startedAt = performance.now();
    expect(ask(document).valid).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe('the report', () => {
  test('shows hosts and logins, and never a secret', () => {
    const report = ask(
      mirror('https://m.io/p') +
        config(
          'm.io',
          '{auth: {username: u, password: planted, identity_token: planted}, tls: {ca_file: /ca}}',
        ),
    );
    expect(report.hosts['docker.io']).toEqual({
      default: {
        url: 'https://registry-1.docker.io/v2',
        overridePath: false,
        rewrites: {},
        tls: null,
        auth: null,
      },
      endpoints: [
        {
          url: 'https://m.io/p',
          overridePath: true,
          rewrites: {},
          tls: { caFile: '/ca' },
          auth: { username: 'u', kinds: ['password', 'identity_token'] },
        },
      ],
      hostsToml: expect.stringMatching(/^# File generated by k3s\. DO NOT EDIT\.\n/),
    });
    expect(report.containerdAuth).toEqual({
      'm.io': { username: 'u', kinds: ['password', 'identity_token'] },
    });
    expect(JSON.stringify(report)).not.toContain('planted');
  });

  test('repeats no login that stands in a URL of the file', () => {
    const report = ask(
      'mirrors:\n  docker.io: {endpoint: ["https://u:planted@m.io/v2"], rewrites: 1}\n' +
        '  "https://u:planted@y.io": {endpoint: ["m.io"]}\n' +
        'configs: {"https://u:planted@x.io": {auth: {username: u, token: t}}}\n',
    );
    expect(report.hosts['docker.io']).toMatchObject({
      endpoints: [{ url: 'https://…@m.io/v2' }],
      hostsToml: expect.stringContaining('[host."https://…@m.io/v2"]'),
    });
    expect(report.diagnostics.length).toBeGreaterThan(2);
    expect(JSON.stringify(report)).not.toContain('planted');
  });

  test('of a file that does not load has no hosts', () => {
    expect(ask('mirrors: []')).toMatchObject({
      valid: false,
      hosts: {},
      containerdAuth: {},
      diagnostics: [{ severity: 'error', code: 'registries-yaml.load-error' }],
    });
  });

  test('is in the order of the document', () => {
    const lines = ask(`${mirror('docker.io', 'm.io', 'm.io')}token: x\n`).diagnostics.map(
      (d) => d.line,
    );
    expect(lines).toEqual(lines.toSorted());
  });
});
