/**
 * For every code of a finding the smallest question that brings it up, so that a sentence in another
 * language can be tried with real parameters. Tests of core hold the tables of codes against this list,
 * tests of the console hold the sentences against it.
 */
import {
  buildNodeConfig,
  checkRegistriesYaml,
  type FindingParameters,
  type NodeConfigFormat,
  type NodeConfigModel,
  type NodeConfigRegistry,
  type PullQuestion,
  planPull,
  type RegistriesYamlQuestion,
  SecretText,
} from '../src/index.js';

/** A finding as it is told, whatever kind it is of. */
export interface ToldFinding {
  readonly code: string;
  readonly message: string;
  readonly suggestion: string | null;
  readonly parameters: FindingParameters;
}

const mirror = (registry: string, ...endpoints: readonly string[]): string =>
  `mirrors:\n  "${registry}":\n    endpoint: [${endpoints.map((e) => JSON.stringify(e)).join(', ')}]\n`;
const rewrite = (pattern: string, replacement: string): string =>
  `${mirror('docker.io', 'https://a.io')}    rewrite:\n      ${JSON.stringify(pattern)}: ${JSON.stringify(replacement)}\n`;
const config = (key: string, body: string): string =>
  `configs:\n  ${JSON.stringify(key)}: ${body}\n`;
const login = '{auth: {username: u, password: p}}';

type Sample = Omit<RegistriesYamlQuestion, 'distribution'> & {
  readonly distribution?: 'k3s' | 'rke2';
};

const documents: readonly (string | Sample)[] = [
  'mirrors:\n\t"docker.io": {}\n',
  'mirrors:\n  *:\n    endpoint: []\n',
  'mirrors: *x\n',
  'mirrors: "\\q"\n',
  'mirrors: []\n',
  'mirrors:\n  docker.io:\n    endpoint: https://a.io\n',
  'configs:\n  a.io: {tls: {insecure_skip_verify: "true"}}\n',
  'configs:\n  a.io: {auth: {password: []}}\n',
  'mirrors: {? [a] : {}}\n',
  'mirrors: {docker.io: {<<: 3}}\n',
  'mirrors: \u0001\n',
  'mirrors: {\n',
  '%YAML 1.2\n---\nmirrors: {}\n',
  'mirrors: {a.io: {endpoint: [`]}}\n',
  'mirrors: {"a":"b","c:"d"}\n',
  `${'['.repeat(20_000)}`,
  'mirrors:\n  a.io:\n   endpoint: []\n  endpoint b\n  c: d\n',
  `# ${'x'.repeat(600_000)}`,
  'mirrors: {}\n---\nmirrors: {}\n',
  'mirrors: &: {}\n',
  'mirrors: &a {<<: *a}\n',
  'mirrors: "x\n',
  'mirrors: |x\n',
  'mirrors: - a\n',
  'mirrors: ]\n',
  '--- a\n%TAG !x\n',
  'mirrors: {a: !int x}\n',
  'configs: {a.io: {auth: {username: !!int x}}}\n',
  '? ?\n: - x\n  y\n',
  `{? ${'x'.repeat(2000)} : y}\n${'x'.repeat(2000)}: y\n`,
  'mirrors:\n  docker.io:\n    endpoints: []\n',
  'mirrors:\n  docker.io:\n    override_path: true\n    capabilities: []\n    whatever: 1\n',
  'docker.io:\n  endpoint: []\n',
  'mirrors:\ndocker.io:\nendpoint:\n- https://a.io\n',
  Array.from({ length: 10_001 }, (_, index) => `k${index}: 1\n`).join(''),
  'configs:\n  a.io: {password: p, mirrors: {}, auth: {email: e}}\n',
  'configs:\n  a.io: {auth: {token: t}}\n',
  'mirrors:\n  a.io: {}\n  a.io: {}\n',
  'auths: {a.io: {username: u}}\n',
  'configs:\n  a.io: {tls: {insecure_skip_verify: yes}}\n',
  { document: '', version: 'latest' },
  {
    document: `${mirror('*', 'https://a.io')}    rewrite: {a: b}\n`,
    version: 'v1.19.0',
    disableDefaultEndpoint: true,
    embeddedRegistry: '127.0.0.1:6443',
  },
  { document: config('a.io', '{tls: {ca_file: /ca}}'), version: 'v1.29.3+k3s1' },
  mirror('[::1', 'https://a.io'),
  mirror('https://a.io/x', 'https://b.io'),
  mirror('*.a.io', 'https://b.io'),
  mirror('a_b.io', 'https://b.io'),
  config('*.a.io', login),
  config('a_b.io', login),
  mirror('registry', 'https://b.io'),
  mirror('index.docker.io', 'https://b.io'),
  mirror('registry-1.docker.io', 'https://b.io'),
  'mirrors:\n  a.io: {}\n',
  { document: 'mirrors:\n  a.io: {}\n', disableDefaultEndpoint: true },
  `${mirror('*', 'https://b.io')}  a.io: {}\n`,
  `${mirror('docker.io', 'https://b.io')}${config('b.io', login)}`,
  `${mirror('*', 'https://b.io')}${config('b.io', login)}`,
  ...[
    'https://b\u007f',
    '1x://b',
    'https://b/%zz',
    'https://u"@b',
    'https://[::1',
    'https://b:x',
  ].map((endpoint) => mirror('docker.io', endpoint)),
  mirror('docker.io', 'https://b {}'),
  mirror('docker.io', 'https://b.io', 'b.io'),
  mirror('docker.io', '/v2'),
  mirror('docker.io', 'ftp://b.io'),
  mirror('docker.io', 'https://u:secret@b.io'),
  mirror('docker.io', 'https://b.io?x=1'),
  mirror('docker.io', 'https://index.docker.io'),
  mirror('docker.io', 'https://[::1]:5000'),
  mirror('docker.io', 'https://u:secret@b.io/v2/'),
  mirror('docker.io', 'https://b.io/project'),
  mirror('docker.io', 'docker.io', 'https://b.io'),
  `${mirror('docker.io', 'http://b.io')}${config('b.io', '{tls: {ca_file: /ca}}')}`,
  `${mirror('docker.io', 'http://b.io')}${config('b.io', login)}`,
  rewrite('a(', 'b'),
  rewrite('^a\\\\b', 'b'),
  rewrite('^a\\.b', 'b'),
  rewrite('^a"\\pL', 'b'),
  rewrite('^a\\b', 'b'),
  rewrite('(a)', '$1_x'),
  rewrite('(a)', '$2'),
  `${mirror('docker.io', 'https://a.io')}    rewrite: {"^library/(.*)": "x/$1", "(.*)": "y/$1"}\n`,
  'mirrors:\n  docker.io: {rewrite: {a: b}}\n',
  'mirrors:\n  a.io: {rewrite: {a: b}}\n',
  `${mirror('docker.io', 'https://mirror.example.com:5000')}${config('mirror:5000', login)}`,
  config('https://a.io/v2', login),
  `${mirror('a.io', 'https://b.io')}${config('a.io', login)}`,
  `${mirror('*', 'https://b.io')}${config('a.io', login)}`,
  config('a.io', '{}'),
  {
    document: `${mirror('a.io', 'https://b.io')}${config('a.io', login)}`,
    disableDefaultEndpoint: true,
  },
  config('docker.io', login),
  config('index.docker.io', login),
  config('a.io', '{tls: {cert_file: /c}}'),
  config('a.io', '{tls: {key_file: /k}}'),
  config('a.io', '{auth: {}}'),
  config('a.io', '{auth: {username: u}}'),
  config('a.io', '{auth: {auth: token}}'),
  config('a.io', '{auth: {username: u, password: "\\a"}}'),
  config('*', login),
  `${mirror('docker.io', 'https://b.io')}${config('*', '{tls: {ca_file: /ca}}')}`,
  `${mirror('*', 'https://b.io')}${config('*', '{tls: {ca_file: /ca}}')}`,
  `mirrors: {"*": {}}\n${config('*', '{tls: {ca_file: /ca}}')}`,
  { document: config('registry-1.docker.io', login), distribution: 'rke2' },
  {
    document: mirror('docker.io', 'https://b.io/proxy/'),
    distribution: 'rke2',
    disableDefaultEndpoint: true,
  },
];

export function tellRegistriesYaml(): readonly ToldFinding[] {
  return documents.flatMap((sample) => {
    const question = typeof sample === 'string' ? { document: sample } : sample;
    return checkRegistriesYaml({ distribution: 'k3s', ...question }).diagnostics;
  });
}

const registry = (
  address: string,
  parts: Partial<Omit<NodeConfigRegistry, 'address'>> = {},
): NodeConfigRegistry => ({
  id: address,
  address,
  deliver: 'both',
  scheme: 'https',
  tls: { insecureSkipVerify: false },
  credential: null,
  scopedCredentials: [],
  ...parts,
});
const credential = (password: string) => ({
  id: 'c',
  username: 'u',
  password: SecretText.of(password),
});

const model: NodeConfigModel = {
  registries: [
    registry('a.io', {
      credential: credential('p'),
      scopedCredentials: [{ id: 's', scope: 'team-a' }],
    }),
    registry('b.io', { credential: credential('p'), deliver: 'nodes' }),
    registry('bell.io', { credential: credential('\u0007') }),
    registry('plain.io', {
      scheme: 'http',
      tls: { insecureSkipVerify: true, clientCertificate: 'PEM' },
    }),
  ],
  mirrors: [
    { registry: 'not a registry', endpoints: [], rewrites: [] },
    {
      registry: 'a.io',
      endpoints: [
        'https://b.io',
        'https://a.io',
        'http://a.io',
        'https://c.io/root',
        'ftp:/nowhere',
      ],
      rewrites: [
        { pattern: 'a(', replacement: 'b' },
        { pattern: '^\\pL', replacement: 'b' },
        { pattern: 'x.*y', replacement: 'b' },
      ],
    },
    {
      registry: 'docker.io',
      endpoints: ['https://c.io/root'],
      rewrites: [{ pattern: '^x', replacement: 'y' }],
    },
    { registry: '*', endpoints: ['https://d.io'], rewrites: [] },
  ],
};

const formats: readonly NodeConfigFormat[] = [
  'k3s-registries.yaml',
  'containerd-hosts',
  'crio',
  'docker',
  'kubelet-credential-provider',
];

/** What the renderers say themselves; the checker's codes among them are left out. */
export function tellNodeConfig(): readonly ToldFinding[] {
  const built = formats.map((format) => buildNodeConfig(model, { format, secrets: 'masked' }));
  const told = built.flatMap(({ diagnostics, notExpressible }) => [
    ...diagnostics,
    ...notExpressible.map((each) => ({ ...each, message: each.detail, suggestion: null })),
  ]);
  return told.filter(({ code }) => code.startsWith('node-config.'));
}

const pulls: readonly (Omit<PullQuestion, 'engine'> & { engine?: PullQuestion['engine'] })[] = [
  { image: 'nginx', registriesYaml: 'mirrors: []' },
  { image: `nginx:1@sha256:${'a'.repeat(64)}` },
  {
    image: 'nginx',
    engine: 'containerd',
    registriesYaml: rewrite('a', 'b'),
    disableDefaultEndpoint: true,
  },
  { image: 'nginx', disableDefaultEndpoint: true },
  { image: 'nginx', engine: 'rke2-bootstrap', disableDefaultEndpoint: true, pullSecrets: [{}] },
  { image: 'Foo/bar', engine: 'rke2-bootstrap', registriesYaml: mirror('Foo', '') },
  { image: 'a.io/app', engine: 'rke2-bootstrap', registriesYaml: mirror('a.io', '') },
  { image: 'nginx', registriesYaml: rewrite('^a\\.', 'b') },
  {
    image: 'nginx',
    registriesYaml: `${mirror('docker.io', 'http://b.io')}${config('b.io', '{tls: {ca_file: /ca}}')}`,
  },
  ...(['k3s-containerd', 'rke2-bootstrap'] as const).map((engine) => ({
    image: 'nginx',
    engine,
    registriesYaml: `${mirror('docker.io', 'https://a.io')}    rewrite: {"^library/(.*)": "x/$1", "(.*)": "y/$1"}\n`,
  })),
  { image: 'nginx', embeddedRegistry: '127.0.0.1:6443' },
  { image: 'nginx', registriesYaml: mirror('*', 'https://b.io') },
  { image: 'nginx', registriesYaml: config('docker.io', login) },
  { image: 'nginx', engine: 'containerd', registriesYaml: config('docker.io', login) },
  {
    image: 'a.io/x',
    registriesYaml: config('a.io', login),
    pullSecrets: [
      'junk',
      {
        auths: {
          'a.io': { username: 'u', password: 'p' },
          'a.io/x': { username: 'v', password: 'p' },
        },
      },
    ],
  },
];

export function tellPullPlans(): readonly ToldFinding[] {
  return pulls.flatMap((question) => {
    const plan = planPull({ engine: 'k3s-containerd', ...question });
    return plan.ok ? plan.value.warnings.map((each) => ({ ...each, suggestion: null })) : [];
  });
}
