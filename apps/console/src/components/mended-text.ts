/**
 * What a key or value that a finding points at should be, where that follows from the finding alone. A
 * document and a form can both be mended with it.
 */
const HUB = 'docker.io';
const HUB_ENDPOINT = 'registry-1.docker.io';

type Replacement = (value: string, parameters: Readonly<Record<string, string>>) => string | null;

const from =
  (name: string): Replacement =>
  (_, parameters) =>
    parameters[name] || null;

/** Another name for the same place; a key that belongs elsewhere has to be moved by people. */
const otherName: Replacement = (_, { hint, instead = '' }) =>
  (hint === 'spelling' || hint === 'write') && /^[a-z_]+$/.test(instead) ? instead : null;

/** `https://harbor/dockerhub` → `https://harbor/v2/dockerhub`. */
const underApiRoot: Replacement = (url, { project }) =>
  project ? url.replace(/^((?:[a-z]+:\/\/)?[^/]+)\/.*$/i, `$1/v2/${project}`) : null;

const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  'config-near-miss': from('host'),
  'config-key-not-a-host': from('instead'),
  'mirror-not-a-registry': from('instead'),
  'mirror-index-docker-io': () => HUB,
  'mirror-registry-1-docker-io': () => HUB,
  'docker-hub-login-key': () => HUB_ENDPOINT,
  'unknown-key': otherName,
  'endpoint-trailing-slash': (url) => url.replace(/\/+$/, ''),
  'endpoint-query': (url) => url.replace(/[?#].*$/, ''),
  'endpoint-index-docker-io': (url) => url.replace('index.docker.io', HUB_ENDPOINT),
  'endpoint-path-is-api-root': underApiRoot,
  'rewrite-misread': from('portable'),
  'rewrite-breaks-hosts-toml': from('portable'),
  'loose-boolean': from('meaning'),
};

/** Null where people have to decide. */
export function mendedText(
  code: string,
  text: string,
  parameters: Readonly<Record<string, string>>,
): string | null {
  const name = code.replace(/^registries-yaml\./, '');
  const next = REPLACEMENTS[name]?.(text, parameters) ?? null;
  // What was cut for a sentence must never be written back.
  return next === text || next?.includes('…') ? null : next;
}
