/**
 * Generated questions for a pull plan: an image, a node's `registries.yaml` and what every port of
 * the mirror world answers. The same seed gives the same configurations.
 */
import { hostNames, type Manner, openPorts, refusedPort } from './mirror-world.js';
import { type Answer, rightLogin } from './registry-answers.js';
import { type SeededChoice, seededChoice } from './seeded-choice.js';
import { servedDigest } from './served-image.js';

export interface PullConfiguration {
  readonly seed: number;
  readonly image: string;
  readonly registriesYaml: string;
  readonly disableDefaultEndpoint: boolean;
  readonly podLogin: NodeLogin | null;
  /** By `host:port`. */
  readonly manners: ReadonlyMap<string, Manner>;
}

export interface NodeLogin {
  readonly username: string;
  readonly password: string;
}

export interface GeneratorWorld {
  readonly loopback: string;
  readonly caFiles: Readonly<Record<'public' | 'private' | 'stranger', string>>;
}

/** Logins stand in containerd's config.toml: configurations that share them share a start. */
export type NodeLogins = ReadonlyMap<string, NodeLogin>;

const wrongLogin: NodeLogin = { username: 'stranger', password: 'guess' };
const answers: readonly Answer[] = [
  ...(['alive', 'missing', 'forbidden', 'broken', 'reset'] as const),
  ...(['basic', 'basic', 'token', 'token-open'] as const),
];

export function generateLogins(seed: number, { loopback }: GeneratorWorld): NodeLogins {
  const choice = seededChoice(seed);
  const keys = [...hostNames, loopback].flatMap((host) => [host, `${host}:443`, `${host}:5001`]);
  const login = () => (choice.chance(0.7) ? rightLogin : wrongLogin);
  return new Map(keys.filter(() => choice.chance(0.25)).map((key) => [key, login()]));
}

export function generateConfiguration(
  seed: number,
  logins: NodeLogins,
  world: GeneratorWorld,
): PullConfiguration {
  const choice = seededChoice(seed);
  const { image, registry } = generateImage(choice, world);
  const endpointsOf = (key: string) => generateEndpoints(choice, key, world);
  const keys = [
    ...(choice.chance(0.75) ? [registry] : []),
    ...(choice.chance(0.3) ? ['*'] : []),
    ...(choice.chance(0.2) ? [choice.pick(hostNames)] : []),
  ];
  const mirrors = Object.fromEntries(
    [...new Set(keys)].map((key) => [key, generateMirror(choice, endpointsOf(key))]),
  );
  const podLogin = choice.chance(0.3) ? choice.pick([rightLogin, wrongLogin]) : null;
  return {
    seed,
    image,
    // JSON is YAML.
    registriesYaml: JSON.stringify({ mirrors, configs: generateConfigs(choice, logins, world) }),
    disableDefaultEndpoint: choice.chance(0.2),
    podLogin,
    manners: generateManners(choice, world),
  };
}

function generateImage(choice: SeededChoice, { loopback }: GeneratorWorld) {
  const [written, registry] = choice.pick([
    ['registry.example.com/team/app', 'registry.example.com'],
    ['registry.example.com/team/app', 'registry.example.com'],
    ['registry.example.com:5001/team/sub/app', 'registry.example.com:5001'],
    ['registry.example.com:443/app', 'registry.example.com:443'],
    [`registry.example.com:${refusedPort}/app`, `registry.example.com:${refusedPort}`],
    ['quay.io/org/tool', 'quay.io'],
    ['nginx', 'docker.io'],
    ['docker.io/team/app', 'docker.io'],
    ['index.docker.io/team/app', 'docker.io'],
    ['registry-1.docker.io/team/app', 'registry-1.docker.io'],
    [`${loopback}:5001/team/app`, `${loopback}:5001`],
    ['mirror-b.example.com/own', 'mirror-b.example.com'],
  ] as const);
  const unknown = `sha256:${'0'.repeat(64)}`;
  const suffix = choice.pick([
    ...['', ':1', ':v1.2.3', `@${servedDigest}`, `:1@${servedDigest}`],
    `@${unknown}`,
  ]);
  return { image: `${written}${suffix}`, registry };
}

// No two rules of one map apply to one name: which of them wins would be chance.
const rewrites: readonly Readonly<Record<string, string>>[] = [
  { '^(.*)$': 'rewritten/$1' },
  { '^team/(.*)': 'proxy/$1', '^library/(.*)': 'hub/$1', '^org/': '' },
  { app: '$0-x', nginx: '$1_x' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Go's own way of naming a group.
  { '(?P<first>[a-z]+)/': '${first}_x/' },
  { 'a(': 'b', '': '' },
  // The backslash makes containerd reject the whole file.
  { '^registry[.]io/': 'x/', '^team\\.io/': 'y/' },
];

function generateMirror(choice: SeededChoice, endpoint: readonly string[]) {
  // Only K3s' containerd follows rewrites; the stock one must be seen to ignore them.
  return choice.chance(0.25) ? { endpoint, rewrite: choice.pick(rewrites) } : { endpoint };
}

function generateEndpoints(
  choice: SeededChoice,
  registry: string,
  { loopback }: GeneratorWorld,
): readonly string[] {
  const count = choice.pick([1, 1, 2, 2, 2, 3, 3]);
  return Array.from({ length: count }, () => {
    if (registry !== '*' && choice.chance(0.12)) return registry;
    const host = choice.pick([...hostNames, loopback]);
    const port = choice.pick(['', '', ':443', ':80', ':5001', ':5001', `:${refusedPort}`]);
    const scheme = choice.pick(['', 'https://', 'https://', 'http://']);
    const path = choice.pick(['', '', '/', '/v2', '/v2/', '/prefix', '/prefix/v2', '/v2/proxy']);
    return `${scheme}${host}${port}${path}`;
  });
}

function generateConfigs(choice: SeededChoice, logins: NodeLogins, world: GeneratorWorld) {
  const tlsKeys = ['mirror-b.example.com', 'harbor.example.com', 'mirror-a.example.com']
    .flatMap((host) => [host, `${host}:443`, `${host}:5001`])
    .concat(`${world.loopback}:5001`, 'registry.example.com', 'docker.io', '*')
    .filter(() => choice.chance(0.5));
  const keys = [...new Set([...tlsKeys, ...logins.keys()])];
  return Object.fromEntries(
    keys.map((key, index) => [
      key,
      {
        ...authOf(logins.get(key), index),
        ...(tlsKeys.includes(key) ? { tls: generateTls(choice, world) } : {}),
      },
    ]),
  );
}

/** The two spellings of one login. */
function authOf(login: NodeLogin | undefined, index: number) {
  if (login === undefined) return {};
  const { username, password } = login;
  const encoded = Buffer.from(`${username}:${password}`).toString('base64');
  return { auth: index % 2 === 0 ? { username, password } : { auth: encoded } };
}

function generateTls(choice: SeededChoice, { caFiles }: GeneratorWorld) {
  const right = { ca_file: caFiles.private };
  const settings = [
    right,
    right,
    right,
    { insecure_skip_verify: true },
    { ca_file: caFiles.stranger },
  ];
  return choice.pick(settings);
}

function generateManners(choice: SeededChoice, { loopback }: GeneratorWorld) {
  const manners = new Map<string, Manner>();
  // Mostly failing, so that the later attempts are seen; sometimes somebody has the image.
  const isHard = choice.chance(0.6);
  for (const host of [...hostNames, loopback]) {
    for (const port of openPorts) {
      const answer = isHard
        ? choice.pick([
            'missing',
            'missing',
            'forbidden',
            'broken',
            'reset',
            'basic',
            'token',
          ] as const)
        : choice.pick(answers);
      const speaks = choice.chance(0.85)
        ? usual(choice, port)
        : choice.pick(['http', 'https'] as const);
      manners.set(`${host}:${port}`, { answer, speaks });
    }
  }
  return manners;
}

function usual(choice: SeededChoice, port: number): Manner['speaks'] {
  if (port === 80) return 'http';
  return port === 443 ? 'https' : choice.pick(['http', 'https', 'both'] as const);
}
