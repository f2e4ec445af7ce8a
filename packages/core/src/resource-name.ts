/**
 * Names that end up in Kubernetes objects: DNS labels (RFC 1123), lower-case letters, digits and
 * inner dashes. An environment's name is at most 40 long, so that names built from it
 * (`moorage-<name>`, policy names) stay below the label limit of 63.
 *
 * A name must not look like a UUID: `{env}` in a route takes either an id or a name.
 */
import { Err, Ok, type Result } from './result.js';

/** The longest environment name. */
export const environmentNameMaxLength = 40;

export interface EnvironmentNameError {
  readonly code:
    | 'environment-name.empty'
    | 'environment-name.too-long'
    | 'environment-name.not-a-label'
    | 'environment-name.looks-like-id';
  readonly detail: string;
  readonly suggestion?: string;
}

const labelPattern = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export function parseEnvironmentName(text: string): Result<string, EnvironmentNameError> {
  if (text === '') return Err({ code: 'environment-name.empty', detail: 'A name is needed.' });
  const suggestion = environmentNameFrom(text);
  if (text.length > environmentNameMaxLength) {
    const detail = `At most ${environmentNameMaxLength} characters.`;
    return Err({ code: 'environment-name.too-long', detail, suggestion });
  }
  if (!labelPattern.test(text)) {
    const detail = 'Lower-case letters, digits and dashes; a letter or digit at both ends.';
    return Err({ code: 'environment-name.not-a-label', detail, suggestion });
  }
  if (uuidPattern.test(text)) {
    const detail = 'A name must not have the form of an id.';
    return Err({ code: 'environment-name.looks-like-id', detail, suggestion });
  }
  return Ok(text);
}

/**
 * A valid name made from a display name, always the same for the same text. A text without any
 * Latin letter or digit gets a name from its hash. Uniqueness is the caller's concern.
 */
export function environmentNameFrom(displayName: string): string {
  const words = displayName
    .normalize('NFKD')
    .toLowerCase()
    // Marks split off by NFKD: `é` becomes `e`, not `e-`.
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
  const name = words.slice(0, environmentNameMaxLength).replace(/-$/, '');
  if (name === '') return `env-${hash(displayName)}`;
  return uuidPattern.test(name) ? `env-${name}` : name;
}

/** FNV-1a, 32 bit: short and stable, not a secret. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}
