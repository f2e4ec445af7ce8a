/**
 * Image references as containerd and the kubelet read them.
 *
 *   reference := name [ ":" tag ] [ "@" digest ]
 *   name      := [ domain "/" ] path
 *   domain    := host [ ":" digits ]
 *   host      := label *("." label) | "[" hex-and-colons "]"     label := alnum [ *(alnum|"-") alnum ]
 *   tag       := [A-Za-z0-9_][A-Za-z0-9_.-]{0,127}
 *   digest    := algorithm ":" hex, sha256 = 64, sha384 = 96, sha512 = 128 lower-case digits
 *
 * Which first component is a registry: `localhost`, or one with `.`, `:` or an upper-case letter.
 * Otherwise the image is on Docker Hub, and a single component there lives under `library/`.
 * `index.docker.io` is `docker.io`; `registry-1.docker.io` is a registry of its own.
 *
 * Source: distribution/reference v0.6.0 `normalize.go`, `regexp.go`, `reference.go`; go-digest.
 *
 * Deliberately different from it in two corners: `foo_bar.com/x` is refused (distribution reads it
 * as a name with no registry at all), and `formatFamiliar` keeps `docker.io/` where dropping it
 * would change the meaning (`docker.io/foo.bar/baz`). Not handled: go-containerregistry's
 * narrower rule, by which `Foo/bar` is an error.
 */
import { dockerHubRegistry } from './docker-hub.js';
import { findBadComponent, repositoryPathMaxLength } from './repository-path.js';
import { Err, Ok, type Result } from './result.js';

export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  /** As written; null when the text had none (`formatNormalized` then says `latest`). */
  readonly tag: string | null;
  readonly digest: string | null;
}

export type ImageReferenceErrorCode =
  | 'reference.empty'
  | 'reference.too-long'
  | 'reference.whitespace'
  | 'reference.scheme'
  | 'reference.bare-identifier'
  | 'reference.bad-registry'
  | 'reference.upper-case'
  | 'reference.bad-repository'
  | 'reference.repository-too-long'
  | 'reference.bad-tag'
  | 'reference.tag-too-long'
  | 'reference.bad-digest'
  | 'reference.digest-unsupported';

export interface ImageReferenceError {
  readonly code: ImageReferenceErrorCode;
  /** The offending piece of the text, cut to a printable length. */
  readonly part: string;
  readonly detail: string;
  readonly suggestion?: string;
}

type Parsed<T> = Result<T, ImageReferenceError>;

const dockerHubLegacyRegistry = 'index.docker.io';
const officialPrefix = 'library/';

// Host 253 (RFC 1035) + port 6 + path 255 + tag 129 + sha512 digest 136 is under 800; the rest is
// head-room for the long hosts that distribution itself accepts. Bounds the work per call.
export const referenceMaxLength = 4096;
/** distribution/reference `TagRegexp`. */
const tagMaxLength = 128;

const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}$/;
const identifierPattern = /^[a-f0-9]{64}$/;
const schemePattern = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
const hostLabel = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const registryPattern = new RegExp(
  `^(?:${hostLabel}(?:\\.${hostLabel})*|\\[[A-Fa-f0-9:]+\\])(?::[0-9]+)?$`,
);

// go-digest `algorithm.go`: the only algorithms it accepts, with their hex lengths.
const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** True for text that distribution accepts as the registry part of an image name. */
export function isRegistryName(text: string): boolean {
  return registryPattern.test(text);
}

export function parseImageReference(text: string): Parsed<ImageReference> {
  const refusal = refuseText(text);
  if (refusal !== null) return Err(refusal);

  const { registry, remainder } = splitRegistry(text);
  const pieces = splitRemainder(remainder);
  const error =
    checkRegistry(registry) ??
    checkRepository(registry, pieces) ??
    checkTag(pieces.tag) ??
    checkDigest(pieces.digest);
  return error === null ? Ok({ registry, ...pieces }) : Err(error);
}

/** The full name that the kubelet and containerd use: a digest displaces the tag. */
export function formatNormalized(reference: ImageReference): string {
  const suffix =
    reference.digest === null ? `:${reference.tag ?? 'latest'}` : `@${reference.digest}`;
  return `${repositoryName(reference)}${suffix}`;
}

/** The short form that people write; parses back to the same reference. */
export function formatFamiliar(reference: ImageReference): string {
  const suffix = formatSuffix(reference);
  const full = `${repositoryName(reference)}${suffix}`;
  if (reference.registry !== dockerHubRegistry) return full;
  const path = reference.repository;
  const official = path.startsWith(officialPrefix) ? path.slice(officialPrefix.length) : path;
  const short = `${official.includes('/') ? path : official}${suffix}`;
  const again = parseImageReference(short);
  return again.ok && isSameReference(again.value, reference) ? short : full;
}

/** `registry/repository`, the name that pull secrets and policies are matched against. */
export function repositoryName(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}`;
}

export function isSameReference(a: ImageReference, b: ImageReference): boolean {
  return (
    a.registry === b.registry &&
    a.repository === b.repository &&
    a.tag === b.tag &&
    a.digest === b.digest
  );
}

/** The tag that a pull asks for; null when a digest decides. */
export function effectiveTag(reference: ImageReference): string | null {
  return reference.digest === null ? (reference.tag ?? 'latest') : null;
}

function formatSuffix({ tag, digest }: ImageReference): string {
  return `${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}

function refuseText(text: string): ImageReferenceError | null {
  if (text.trim() === '') return fail('reference.empty', '', 'An image name is needed.');
  if (text.length > referenceMaxLength) {
    return fail('reference.too-long', text, `Longer than ${referenceMaxLength} characters.`);
  }
  if (/\s/.test(text)) {
    const joined = text.trim();
    return fail(
      'reference.whitespace',
      text,
      'An image name holds no blanks or line breaks.',
      /\s/.test(joined) ? undefined : joined,
    );
  }
  const scheme = schemePattern.exec(text)?.[0];
  if (scheme !== undefined) {
    const rest = text.slice(scheme.length);
    return fail('reference.scheme', scheme, 'An image name has no scheme.', rest || undefined);
  }
  if (identifierPattern.test(text)) {
    return fail(
      'reference.bare-identifier',
      text,
      '64 hexadecimal digits alone are an image id, not a name.',
    );
  }
  return null;
}

function splitRegistry(text: string): { registry: string; remainder: string } {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  if (slash < 0 || !namesRegistry(first)) return onDockerHub(text);
  const remainder = text.slice(slash + 1);
  if (first === dockerHubRegistry || first === dockerHubLegacyRegistry) {
    return onDockerHub(remainder);
  }
  return { registry: first, remainder };
}

function namesRegistry(component: string): boolean {
  return component === 'localhost' || /[.:]/.test(component) || /[A-Z]/.test(component);
}

function onDockerHub(remainder: string): { registry: string; remainder: string } {
  // The digest and tag hold no slash, so looking at the whole remainder is enough.
  const prefix = remainder.includes('/') ? '' : officialPrefix;
  return { registry: dockerHubRegistry, remainder: `${prefix}${remainder}` };
}

function splitRemainder(remainder: string): Omit<ImageReference, 'registry'> {
  const at = remainder.indexOf('@');
  const named = at < 0 ? remainder : remainder.slice(0, at);
  const digest = at < 0 ? null : remainder.slice(at + 1);
  const colon = named.indexOf(':');
  return {
    repository: colon < 0 ? named : named.slice(0, colon),
    tag: colon < 0 ? null : named.slice(colon + 1),
    digest,
  };
}

function checkRegistry(registry: string): ImageReferenceError | null {
  if (isRegistryName(registry)) return null;
  return fail(
    'reference.bad-registry',
    registry,
    'The part before the first slash names a registry, but is not a host name with an optional port.',
  );
}

function checkRepository(
  registry: string,
  pieces: Omit<ImageReference, 'registry'>,
): ImageReferenceError | null {
  const { repository } = pieces;
  const bad = findBadComponent(repository);
  if (bad === null && repository.length > repositoryPathMaxLength) {
    const detail = `The repository path is longer than ${repositoryPathMaxLength} characters.`;
    return fail('reference.repository-too-long', repository, detail);
  }
  if (bad === null) return null;
  const lower = repository.toLowerCase();
  if (lower !== repository && findBadComponent(lower) === null) {
    const suggestion = formatFamiliar({ registry, ...pieces, repository: lower });
    // Tag or digest may be wrong as well; then no single change helps.
    const usable = parseImageReference(suggestion).ok ? suggestion : undefined;
    return fail('reference.upper-case', bad, 'Repository names are lower case.', usable);
  }
  return fail(
    'reference.bad-repository',
    bad,
    'Lower-case letters and digits, separated by one dot, one or two underscores, or dashes.',
  );
}

function checkTag(tag: string | null): ImageReferenceError | null {
  if (tag === null) return null;
  if (!tagPattern.test(tag)) {
    return fail(
      'reference.bad-tag',
      tag,
      'A tag starts with a letter, digit or underscore; then also dots and dashes.',
    );
  }
  return tag.length <= tagMaxLength
    ? null
    : fail('reference.tag-too-long', tag, `A tag has at most ${tagMaxLength} characters.`);
}

function checkDigest(digest: string | null): ImageReferenceError | null {
  if (digest === null) return null;
  if (!digestPattern.test(digest)) {
    return fail('reference.bad-digest', digest, 'A digest is algorithm:hexadecimal digits.');
  }
  const colon = digest.indexOf(':');
  const length = digestLengths.get(digest.slice(0, colon));
  if (length === undefined) {
    return fail(
      'reference.digest-unsupported',
      digest,
      'Supported are sha256, sha384 and sha512, in lower case.',
    );
  }
  const hex = digest.slice(colon + 1);
  return hex.length === length && hex === hex.toLowerCase()
    ? null
    : fail('reference.bad-digest', digest, `${length} lower-case hexadecimal digits are needed.`);
}

function fail(
  code: ImageReferenceErrorCode,
  part: string,
  detail: string,
  suggestion?: string,
): ImageReferenceError {
  // 80 characters are enough to recognise the part; a reply must not echo kilobytes.
  const shown = part.length > 80 ? `${part.slice(0, 79)}…` : part;
  return suggestion === undefined
    ? { code, part: shown, detail }
    : { code, part: shown, detail, suggestion };
}
