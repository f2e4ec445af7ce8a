/**
 * Image names for comparing grammars: valid ones, near misses of every rule, look-alikes of the
 * registries under test, and random damage. The same seed gives the same names.
 */
const hosts = [
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'hub.docker.com',
  'docker.io:443',
  'docker.io.',
  'Docker.io',
  'DOCKER.IO',
  'xdocker.io',
  'docker.io.evil.com',
  'index.docker.io:443',
  'registry-1.docker.io.evil.com',
  'ghcr.io',
  'GHCR.io',
  'ghcr.io:443',
  'ghcr.io.evil.com',
  'ghcr.i',
  'ghcrxio',
  'aghcr.io',
  'ghcr.io.',
  'reg.corp:5000',
  'reg.corp',
  'reg.corp:5001',
  'reg.corp:50000',
  'reg.corp:',
  'reg.corp:5000x',
  'reg.corp:05000',
  'reg-corp:5000',
  'Reg.corp:5000',
  'reg.corp.:5000',
  'reg..corp:5000',
  'localhost',
  'localhost:5000',
  'localhost.',
  'LOCALHOST',
  '127.0.0.1',
  '127.0.0.1:5000',
  '[::1]:5000',
  '[::1]',
  '[0:0::1]:5000',
  '[::1%25eth0]:5000',
  '[::g]:5000',
  '[]',
  '[::1',
  'quay.io',
  'quay.io.',
  'quay_io',
  'foo_bar.com',
  'foo__bar.com',
  'Foo',
  'FOO:1',
  'foo',
  'a.b',
  '-a.com',
  'a-.com',
  'a--b.com',
  '',
  '.',
  ':',
  'user@ghcr.io',
  'user:pw@ghcr.io',
  'https:',
  'ghcr.io@sha256:ab',
];
/** The registries that the policies under test are about. */
const usualHosts = [
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'ghcr.io',
  'reg.corp:5000',
  'localhost',
  'localhost:5000',
  '[::1]:5000',
  'quay.io',
];
const components = [
  'library',
  'nginx',
  'team',
  'org',
  'proxy',
  'sub',
  'app',
  'teams',
  'organic',
  'team-a',
  'app__x',
  'org.x',
  'team_a',
  'app--x',
  '0',
  'v2',
  'ghcr.io',
  'docker.io',
  'localhost',
  'x'.repeat(60),
  'y'.repeat(120),
  'org-',
  'orG',
  'app___x',
  'app..x',
  'a.-b',
  '_a',
  'a_',
  '.',
  '..',
  '',
  'reg.corp:5000',
  'é',
];
const tags = [
  '1',
  'latest',
  '1.27-alpine',
  'V1',
  '_x',
  '.x',
  '-x',
  '',
  'a b',
  'ü',
  't'.repeat(128),
  't'.repeat(129),
  '5000',
  '1@',
  '1/2',
  '1:2',
];
const digits = '0123456789abcdef';
const damage = [
  '/',
  ':',
  '@',
  '.',
  '-',
  '_',
  '__',
  'A',
  'z',
  '0',
  ' ',
  '\t',
  '\n',
  '\r',
  '\u0000',
  '%2f',
  '\\',
  '"',
  "'",
  '#',
  '?',
  '*',
  '$',
  '[',
  ']',
  '//',
  '\u00a0',
  '\u2028',
  'ſ',
  'K',
  '😀',
  '://',
  'docker.io/',
];

export type Random = (limit: number) => number;

/** Mulberry32: small, and the same on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
}

/** `count` different names, none empty. */
export function generateImageNames(count: number, seed: number): readonly string[] {
  const random = seededRandom(seed);
  const names = new Set<string>();
  while (names.size < count) {
    const name = damaged(random, generateName(random));
    if (name !== '') names.add(name);
  }
  return [...names];
}

function generateName(random: Random): string {
  const kind = random(40);
  if (kind === 0) return hex(random, 62 + random(5));
  if (kind === 1) return nearLengthLimit(random);
  const host = random(3) === 0 ? '' : `${pick(random, random(2) === 0 ? usualHosts : hosts)}/`;
  const depth = 1 + random(random(4) === 0 ? 5 : 3);
  const path = Array.from({ length: depth }, () => generateComponent(random)).join('/');
  const tag = random(2) === 0 ? '' : `:${pick(random, random(2) === 0 ? tags.slice(0, 5) : tags)}`;
  const digest = random(8) === 0 ? `@${generateDigest(random)}` : '';
  return `${host}${path}${tag}${digest}`;
}

function generateComponent(random: Random): string {
  if (random(4) > 0) return pick(random, random(6) > 0 ? components.slice(0, 12) : components);
  const length = 1 + random(8);
  return Array.from({ length }, () => 'abcdefwxyz0129-_.'[random(random(3) === 0 ? 17 : 14)]).join(
    '',
  );
}

function generateDigest(random: Random): string {
  const algorithm = pick(random, [
    'sha256',
    'sha256',
    'sha256',
    'sha384',
    'sha512',
    'SHA256',
    'md5',
    'sha256+b64',
    '',
  ]);
  const right: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
  const length = (right[algorithm] ?? 40) + (random(4) === 0 ? random(5) - 2 : 0);
  const text = hex(random, length);
  return `${algorithm}:${random(8) === 0 ? text.toUpperCase() : text}`;
}

/** Paths around 255 characters, with and without a registry. */
function nearLengthLimit(random: Random): string {
  const host = pick(random, [
    '',
    '',
    'ghcr.io/org/',
    'docker.io/',
    'index.docker.io/',
    'registry-1.docker.io/',
    'reg.corp:5000/proxy/',
  ]);
  const length = 236 + random(24);
  const path =
    random(2) === 0 ? 'p'.repeat(length) : `${'q'.repeat(100)}/${'r'.repeat(length - 101)}`;
  return `${host}${path}${random(2) === 0 ? ':1' : ''}`;
}

function damaged(random: Random, name: string): string {
  let text = name;
  for (let rounds = random(6) === 0 ? 1 + random(2) : 0; rounds > 0; rounds -= 1) {
    const at = random(text.length + 1);
    const removed = random(2);
    text = `${text.slice(0, at)}${random(4) === 0 ? '' : pick(random, damage)}${text.slice(at + removed)}`;
  }
  // Half an emoji cannot be sent as JSON.
  return text.toWellFormed();
}

function hex(random: Random, length: number): string {
  return Array.from({ length }, () => digits[random(16)]).join('');
}

function pick(random: Random, list: readonly string[]): string {
  return list[random(list.length)] ?? '';
}
