/**
 * What the mirror world should see of a pull, from its plan and from what every port answers; and
 * what it did see, in the same words. An attempt is one group of requests to one URL: the answer to
 * a challenge repeats it.
 */
import type { AttemptTls, PullAttempt, PullPlan } from '@moorage/core';
import { type Manner, type MirrorWorld, refusedPort, type Sighting } from './mirror-world.js';
import { rightLogin } from './registry-answers.js';
import { servedDigest } from './served-image.js';

export interface Prediction {
  /** `HEAD <url> as <user>`, or `TLS fails <origin>`. */
  readonly seen: readonly string[];
  readonly succeeds: boolean;
}

export interface Asked extends PullAttempt {
  /** Its place in the plan. */
  readonly place: number;
  /** Written with http and given TLS settings: a plan has the attempt by https that newer releases make. */
  readonly isFallback: boolean;
}

interface Outcome {
  readonly lines: readonly string[];
  readonly succeeds: boolean;
  readonly isTokenRefused: boolean;
  readonly username: string | null;
}

/**
 * For a digest that nobody has as a manifest, containerd asks all hosts once more, under `/blobs/`.
 */
export function predict(plan: PullPlan, asked: readonly Asked[], world: MirrorWorld): Prediction {
  const blobs = asked.map((one) => ({ ...one, url: one.url.replace('/manifests/', '/blobs/') }));
  const rounds = plan.reference.includes('@') ? [...asked, ...blobs] : asked;
  const seen: string[] = [];
  const locked = new Set<string>();
  const known = new Map<string, string>();
  const plain = new Set<number>();
  for (const one of rounds) {
    const memory = one.tls === null ? hostOf(one.url) : String(one.place);
    if (locked.has(memory)) continue;
    // A login that a host asked for once goes with every later request to it, by http or https.
    const outcome = predictWithFallback(one, world, known.get(memory) ?? null, plain);
    if (outcome.username !== null) known.set(memory, outcome.username);
    // A host that asked for a token that was then refused is asked for the token first, and for
    // nothing else. Attempts with TLS settings remember that each on their own.
    seen.push(...outcome.lines);
    if (outcome.succeeds) return { seen: collapse(seen), succeeds: true };
    if (outcome.isTokenRefused) locked.add(memory);
  }
  return { seen: collapse(seen), succeeds: false };
}

/** A plan's attempts, with what their endpoints were written as. */
export function asContainerd17(
  { attempts }: PullPlan,
  writtenUrls: readonly (string | null)[],
): readonly Asked[] {
  return attempts.map((attempt, index) => {
    const isFallback =
      attempt.url.startsWith('https://') && writtenUrls[index]?.startsWith('http://') === true;
    return { ...attempt, isFallback, place: index };
  });
}

/**
 * The same as containerd 1.6 makes them. Where an endpoint is written with http and has TLS settings, a
 * plan describes newer releases, which ask by https first; 1.6 asks by http at once.
 */
export function asContainerd16(
  plan: PullPlan,
  writtenUrls: readonly (string | null)[],
): readonly Asked[] {
  return asContainerd17(plan, writtenUrls).map((one) =>
    one.isFallback ? { ...one, url: asPlain(one.url) } : one,
  );
}

/** A server that speaks http alone is asked again in its own words, and from then on only so. */
function predictWithFallback(
  asked: Asked,
  world: MirrorWorld,
  known: string | null,
  plain: Set<number>,
): Outcome {
  const { hostname, port, protocol } = new URL(asked.url);
  const speaks = () => world.mannerOf(hostname, Number(port || 443)).speaks;
  const isPort = Number(port) === refusedPort;
  if (!asked.isFallback || protocol !== 'https:' || isPort || speaks() !== 'http') {
    return predictOne(asked, world, known);
  }
  const outcome = predictOne({ ...asked, url: asPlain(asked.url) }, world, known);
  const isFirst = !plain.has(asked.place);
  plain.add(asked.place);
  const fails = isFirst ? [`TLS fails ${hostname}:${port || 443}`] : [];
  return { ...outcome, lines: [...fails, ...outcome.lines] };
}

function asPlain(url: string): string {
  return url.replace('https://', 'http://');
}

function predictOne(asked: Asked, world: MirrorWorld, known: string | null): Outcome {
  const nothing = { succeeds: false, isTokenRefused: false, username: null };
  const { hostname, port, protocol, pathname } = new URL(asked.url);
  const isSecure = protocol === 'https:';
  const number = port === '' ? (isSecure ? 443 : 80) : Number(port);
  // Nobody is there to see it.
  if (number === refusedPort) return { lines: [], ...nothing };
  const manner = world.mannerOf(hostname, number);
  if (isSecure && (manner.speaks === 'http' || !isTrusted(asked.tls, hostname, world))) {
    return { lines: [`TLS fails ${hostname}:${number}`], ...nothing };
  }
  const isRefused = !isSecure && manner.speaks === 'https';
  const user = known ?? (isRefused ? null : presentedUser(manner, asked));
  const isTag = !pathname.includes('/sha256:');
  const exists = isTag || pathname.endsWith(`/manifests/${servedDigest}`);
  const isLetIn = isAdmitted(manner, user);
  return {
    lines: [`${asked.method} ${asked.url} as ${user ?? 'nobody'}`],
    username: user,
    succeeds: !isRefused && exists && isLetIn,
    isTokenRefused: !isRefused && manner.answer.startsWith('token') && !isLetIn,
  };
}

// As written: containerd takes a host with and without its usual port for two.
function hostOf(url: string): string {
  return url.split('/')[2] ?? '';
}

function isTrusted(tls: AttemptTls | null, host: string, world: MirrorWorld): boolean {
  // A configured authority is added to the machine's own.
  return (
    world.authorityOf(host) === 'public' ||
    tls?.insecureSkipVerify === true ||
    tls?.caFile === world.caFiles.private
  );
}

function presentedUser({ answer }: Manner, { credential }: Asked): string | null {
  const asks = answer === 'basic' || answer === 'token' || answer === 'token-open';
  return asks ? (credential?.username ?? null) : null;
}

function isAdmitted({ answer }: Manner, user: string | null): boolean {
  const isRight = user === rightLogin.username;
  if (answer === 'token-open') return isRight || user === null;
  return answer === 'alive' || ((answer === 'basic' || answer === 'token') && isRight);
}

/** The search for the image: HEAD requests and failed handshakes, up to the first that is answered. */
export function describeSightings(sightings: readonly Sighting[]): readonly string[] {
  const groups: { key: string; username: string | null }[] = [];
  for (const { kind, method, url, username, status } of sightings) {
    const last = groups.at(-1);
    const isToken = kind === 'request' && new URL(url).pathname === '/token';
    const key =
      kind === 'handshake' ? `TLS fails ${url.replace('https://', '')}` : `${method} ${url}`;
    if (isToken || last?.key === key) {
      // Belongs to the attempt that was challenged.
      if (last !== undefined) last.username ??= username;
    } else {
      groups.push({ key, username });
    }
    if (!isToken && status === 200) break;
  }
  return groups.map(({ key, username }) =>
    key.startsWith('TLS fails') ? key : `${key} as ${username ?? 'nobody'}`,
  );
}

function collapse(lines: readonly string[]): readonly string[] {
  return lines.filter((line, index) => line !== lines[index - 1]);
}
