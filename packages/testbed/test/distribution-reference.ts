/**
 * A second grammar of image names, written from distribution/reference v0.6.0 (`regexp.go`,
 * `reference.go`, `normalize.go`) line by line, so that it shares nothing with the product: it
 * judges the product's parser and the compiled admission policies.
 */
const optional = (...parts: string[]) => `(?:${parts.join('')})?`;
const anyTimes = (...parts: string[]) => `(?:${parts.join('')})*`;
const capture = (...parts: string[]) => `(${parts.join('')})`;
const anchored = (...parts: string[]) => new RegExp(`^${parts.join('')}$`);

const alphanumeric = '[a-z0-9]+';
const separator = '(?:[._]|__|[-]+)';
const domainNameComponent = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domainName = domainNameComponent + anyTimes('\\.', domainNameComponent);
const ipv6Address = '\\[(?:[a-fA-F0-9:]+)\\]';
const domainAndPort = `(?:${domainName}|${ipv6Address})${optional(':[0-9]+')}`;
const pathComponent = alphanumeric + anyTimes(separator, alphanumeric);
const remoteName = pathComponent + anyTimes('/', pathComponent);
const namePattern = optional(domainAndPort, '/') + remoteName;
const tagPattern = '\\w[\\w.-]{0,127}';
const digestPattern = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*[:][0-9A-Fa-f]{32,}';

const referenceRegexp = anchored(
  capture(namePattern),
  optional(':', capture(tagPattern)),
  optional('@', capture(digestPattern)),
);
const anchoredName = anchored(optional(capture(domainAndPort), '/'), capture(remoteName));
const anchoredIdentifier = anchored('[a-f0-9]{64}');
const digestHexLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

export interface NamedRepository {
  /** Empty where distribution finds a path but no domain (`foo_bar.com/x`). */
  readonly domain: string;
  readonly path: string;
}

/** `ParseNormalizedNamed`; null where it returns an error. */
export function parseNormalizedNamed(text: string): NamedRepository | null {
  if (anchoredIdentifier.test(text)) return null;
  const { domain, remainder } = splitDockerDomain(text);
  const colon = remainder.indexOf(':');
  const remote = colon > -1 ? remainder.slice(0, colon) : remainder;
  if (remote.toLowerCase() !== remote) return null;
  return parse(`${domain}/${remainder}`);
}

/** Whether `splitDockerDomain` takes the first component as a domain. */
export function namesDomain(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return false;
  const maybe = text.slice(0, slash);
  return (
    maybe === 'localhost' ||
    maybe.includes('.') ||
    maybe.includes(':') ||
    maybe.toLowerCase() !== maybe
  );
}

export function isIdentifier(text: string): boolean {
  return anchoredIdentifier.test(text);
}

function splitDockerDomain(name: string): { domain: string; remainder: string } {
  const slash = name.indexOf('/');
  if (slash < 0) return { domain: 'docker.io', remainder: `library/${name}` };
  const maybeDomain = name.slice(0, slash);
  const rest = name.slice(slash + 1);
  let [domain, remainder] = namesDomain(name) ? [maybeDomain, rest] : ['docker.io', name];
  if (domain === 'index.docker.io') domain = 'docker.io';
  if (domain === 'docker.io' && !remainder.includes('/')) remainder = `library/${remainder}`;
  return { domain, remainder };
}

function parse(text: string): NamedRepository | null {
  const matches = referenceRegexp.exec(text);
  const name = matches?.[1];
  if (name === undefined) return null;
  const nameMatch = anchoredName.exec(name);
  const domain = nameMatch?.[1] ?? '';
  const path = nameMatch?.[2] ?? name;
  if (path.length > 255) return null;
  const digest = matches?.[3];
  return digest === undefined || isValidDigest(digest) ? { domain, path } : null;
}

/** go-digest `Validate`: a known algorithm, its exact length, lower-case digits. */
function isValidDigest(digest: string): boolean {
  const colon = digest.indexOf(':');
  const hex = digest.slice(colon + 1);
  return digestHexLengths[digest.slice(0, colon)] === hex.length && /^[a-f0-9]+$/.test(hex);
}
