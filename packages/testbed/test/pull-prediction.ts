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
  /** Asked otherwise than planned, because this release is older than the plan's source. */
  readonly isFallback: boolean;
}

interface Outcome {
  readonly line: string | null;
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
  for (const one of rounds) {
    const memory = one.tls === null ? hostOf(one.url) : String(one.place);
    if (locked.has(memory)) continue;
    // A login that a host asked for once goes with every later request to it, by http or https.
    const outcome = predictOne(one, world, known.get(memory) ?? null);
    if (outcome.username !== null) known.set(memory, outcome.username);
    // A host that asked for a token that was then refused is asked for the token first, and for
    // nothing else. Attempts with TLS settings remember that each on their own.
    if (outcome.line !== null) seen.push(outcome.line);
    if (outcome.succeeds) return { seen: collapse(seen), succeeds: true };
    if (outcome.isTokenRefused) locked.add(memory);
  }
  return { seen: collapse(seen), succeeds: false };
}

/**
 * A plan's attempts as containerd 1.6 makes them. Where an endpoint is written with http and has TLS
 * settings, a plan describes newer releases, which ask by https first (derived from their source);
 * 1.6 asks by http at once.
 */
export function asContainerd16(
  { attempts }: PullPlan,
  writtenUrls: readonly (string | null)[],
): readonly Asked[] {
  return attempts.map((attempt, index) => {
    const isFallback =
      attempt.url.startsWith('https://') && writtenUrls[index]?.startsWith('http://') === true;
    const url = isFallback ? attempt.url.replace('https://', 'http://') : attempt.url;
    return { ...attempt, url, isFallback, place: index };
  });
}

function predictOne(asked: Asked, world: MirrorWorld, known: string | null): Outcome {
  const nothing = { succeeds: false, isTokenRefused: false, username: null };
  const { hostname, port, protocol, pathname } = new URL(asked.url);
  const isSecure = protocol === 'https:';
  const number = port === '' ? (isSecure ? 443 : 80) : Number(port);
  // Nobody is there to see it.
  if (number === refusedPort) return { line: null, ...nothing };
  const manner = world.mannerOf(hostname, number);
  if (isSecure && (manner.speaks === 'http' || !isTrusted(asked.tls, hostname, world))) {
    return { line: `TLS fails ${hostname}:${number}`, ...nothing };
  }
  const isRefused = !isSecure && manner.speaks === 'https';
  const user = known ?? (isRefused ? null : presentedUser(manner, asked));
  const isTag = !pathname.includes('/sha256:');
  const exists = isTag || pathname.endsWith(`/manifests/${servedDigest}`);
  const isLetIn = isAdmitted(manner, user);
  return {
    line: `${asked.method} ${asked.url} as ${user ?? 'nobody'}`,
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
