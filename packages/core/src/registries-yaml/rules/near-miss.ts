/**
 * Finds the endpoint that a `configs` key was probably meant for. Keys match letter by letter, so a
 * missing port, `:443`, another case or a lost `.com` leaves settings unused without a word.
 *
 * Does not handle: keys for registries that are pulled from directly; those match no endpoint and
 * are right.
 */
export interface KnownHosts {
  /** Hosts of all endpoints, as asked by containerd. */
  readonly hosts: ReadonlySet<string>;
  readonly configs: ReadonlyMap<string, unknown>;
  readonly mirrors: ReadonlyMap<string, unknown>;
}

// A hundred keys against a thousand hosts, well under a second.
const maxComparisons = 100_000;

/** An endpoint host without settings that resembles the unused key; null when there is none. */
export function findNearMiss(key: string, known: KnownHosts): string | null {
  const isDockerHub = key === 'docker.io' || key === 'registry-1.docker.io';
  if (isDockerHub || known.hosts.has(key) || known.mirrors.has(key)) {
    return null;
  }
  // The work grows with keys times hosts; a file beyond this was not written by hand.
  const limit = Math.ceil(maxComparisons / Math.max(known.configs.size, 1));
  let compared = 0;
  for (const host of known.hosts) {
    if (compared >= limit) {
      return null;
    }
    compared += 1;
    if (!known.configs.has(host) && resembles(key, host)) {
      return host;
    }
  }
  return null;
}

function resembles(key: string, host: string): boolean {
  const [keyName, keyPort] = split(key);
  const [hostName, hostPort] = split(host);
  if (keyName === hostName) {
    return true;
  }
  const isShortened =
    `${hostName}.`.startsWith(`${keyName}.`) || `${keyName}.`.startsWith(`${hostName}.`);
  return keyPort === hostPort && (isShortened || isTypo(keyName, hostName));
}

function split(hostAndPort: string): [name: string, port: string] {
  const match = /^(.*?)(?::([0-9]*))?$/.exec(hostAndPort.toLowerCase());
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

// One letter too many, too few, wrong, or two swapped. Digits are no typo: hosts are numbered.
function isTypo(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a.length < 6) {
    return false;
  }
  let start = 0;
  while (start < a.length && a[start] === b[start]) {
    start += 1;
  }
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) {
    end += 1;
  }
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  const isSwap = restA.length === 2 && restA === [...restB].reverse().join('');
  return !/[0-9]/.test(restA + restB) && (isSwap || Math.max(restA.length, restB.length) <= 1);
}
