/**
 * image-reference.ts in CEL: from an image name to its canonical repository name.
 *
 * The grammar is that of distribution/reference v0.6.0 as stated there, digests with the lengths
 * of go-digest; RE2's `$` without flags is the end of the text, also before a closing line break.
 */
import { dockerHubAliases, dockerHubRegistry } from '../docker-hub.js';
import { referenceMaxLength } from '../image-reference.js';
import { repositoryPathMaxLength } from '../repository-path.js';
import { celPattern, celString } from './cel-text.js';
import { imageIdPattern, registryPrefixPattern } from './decide-image.js';

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const host = `(?:${label}(?:\\.${label})*|\\[[A-Fa-f0-9:]+\\])(?::[0-9]+)?`;
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const digest = 'sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}';
export const fullNamePattern = `^${host}(?:/${component})+(?::${tag})?(?:@(?:${digest}))?$`;

/** Whether the expression `name`, a string, names a registry. */
export function celNamesRegistry(name: string): string {
  return `${name}.matches(${celPattern(registryPrefixPattern)})`;
}

export function celIsImageId(name: string): string {
  return `${name}.matches(${celPattern(imageIdPattern)})`;
}

/**
 * `registry/repository/` of the image name `i`, with `prefix` (a CEL expression) in front of a
 * name without registry; `/` when it is no valid image name. `[x].map(n, …)` names a value.
 */
export function celCanonicalName(prefix: string): string {
  const steps = [
    `size(n) <= ${referenceMaxLength} && n.matches(${celPattern(fullNamePattern)}) ? n.find(${celPattern('^[^/]+/[^:@]+')}) : ''`,
    // Inside a name only this alias is one, and only there a single component is an official image.
    replaceStart('index.docker.io/', 'docker.io/', 'n'),
    `n.matches(${celPattern('^docker\\.io/[^/]+$')}) ? ${replaced('docker.io/', 'docker.io/library/')} : n`,
    `size(n) - n.indexOf('/') - 1 > ${repositoryPathMaxLength} ? '' : n`,
    dockerHubAliases
      .filter((alias) => alias !== dockerHubRegistry)
      .reduce((rest, alias) => replaceStart(`${alias}/`, `${dockerHubRegistry}/`, rest), 'n'),
  ];
  const withRegistry = `${celNamesRegistry('i')} ? i : ${prefix} + i`;
  const maps = steps.map((step) => `.map(n, ${step})`).join('');
  return `${celIsImageId('i')} ? '/' : [${withRegistry}]${maps}[0] + '/'`;
}

/** The image's own registry and path cut to `depth` components, each with its slash. */
export function celPrefix(name: string, depth: number): string {
  return `${name}.find(${celPattern(`^(?:[^/]+/){${depth}}`)})`;
}

function replaceStart(from: string, to: string, otherwise: string): string {
  return `n.startsWith(${celString(from)}) ? ${replaced(from, to)} : (${otherwise})`;
}

function replaced(from: string, to: string): string {
  return `${celString(to)} + n.substring(${from.length})`;
}
