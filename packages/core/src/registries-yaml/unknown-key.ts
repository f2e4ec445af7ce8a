/**
 * Explains a key that the node drops without a word: what it was meant to be, and what to write.
 * The loader is not strict, so a misspelt key is the commonest reason why a file "has no effect".
 *
 * Source: wharfie `pkg/registries/types.go`; containerd and K3s documentation for the keys that
 * people carry over from there.
 *
 * Does not handle: guessing among keys of another level by anything but their name.
 */
import { shown, visibleText } from '../finding-parameters.js';
import { type Finding, found, type PathSegment, type Position } from './diagnostic.js';

/** Keys that people write, and what to write instead. */
const replacements: Readonly<Record<string, string>> = {
  identitytoken: 'identity_token',
  identityToken: 'identity_token',
  registrytoken: 'identity_token',
  endpoints: 'endpoint',
  mirror: 'mirrors',
  config: 'configs',
  rewrites: 'rewrite',
  insecure: 'tls.insecure_skip_verify',
  skip_verify: 'tls.insecure_skip_verify',
  insecureSkipVerify: 'tls.insecure_skip_verify',
  client: 'tls.cert_file, tls.key_file',
  ca: 'tls.ca_file',
};

/** Keys of containerd's own `hosts.toml`, and others that no spelling brings into this file. */
const others: Readonly<Record<string, Hint>> = {
  override_path: 'path',
  capabilities: 'hostsToml',
  header: 'hostsToml',
  headers: 'hostsToml',
  dial_timeout: 'hostsToml',
  email: 'leave',
};

/** Keys that exist, but elsewhere in the document; empty for the top level. */
const homes: Readonly<Record<string, string>> = {
  username: 'configs.<host>.auth',
  password: 'configs.<host>.auth',
  identity_token: 'configs.<host>.auth',
  ca_file: 'configs.<host>.tls',
  cert_file: 'configs.<host>.tls',
  key_file: 'configs.<host>.tls',
  insecure_skip_verify: 'configs.<host>.tls',
  auth: 'configs.<host>',
  tls: 'configs.<host>',
  endpoint: 'mirrors.<registry>',
  rewrite: 'mirrors.<registry>',
  mirrors: '',
  configs: '',
};

const sentences = {
  spelling: (instead: string) => `Write ${instead}.`,
  write: (instead: string) => `Write ${instead}.`,
  belongs: (instead: string) => `It belongs into ${instead}; check the indentation.`,
  top: () => 'It belongs to the top level; check the indentation.',
  registry: () => 'A registry belongs under mirrors or configs; check the indentation.',
  path: () => 'A path in the endpoint other than /v2 does this by itself.',
  hostsToml: () => 'Not expressible here; only containerd’s own hosts.toml has it.',
  leave: () => 'Leave it out; registries do not need it.',
  known: (instead: string) => `Known here: ${instead}.`,
} as const satisfies Readonly<Record<string, (instead: string) => string>>;

type Hint = keyof typeof sentences;

export function explainUnknownKey(
  path: readonly PathSegment[],
  name: string,
  at: Position,
  known: readonly string[],
): Finding {
  const here = [...path, name];
  if (name === 'token' && path.at(-1) === 'auth') {
    return found('warning', 'token-ignored', here, at, {
      message:
        'The key token does not exist, although documentation shows it: it is dropped, and pulls are anonymous unless another key is given.',
      suggestion: 'Write username and password, or auth with base64 of user:password.',
    });
  }
  const [hint, instead] = chooseHint(path, name, known);
  return found('warning', 'unknown-key', here, at, {
    message: `The key ${shown(name)} is unknown here and silently dropped.`,
    suggestion: sentences[hint](instead),
    parameters: { key: visibleText(name), hint, instead },
  });
}

function chooseHint(
  path: readonly PathSegment[],
  name: string,
  known: readonly string[],
): readonly [hint: Hint, instead: string] {
  const near = known.find((candidate) => isNear(candidate, name)) ?? own(replacements, name);
  if (near !== undefined) {
    return [known.includes(near) ? 'spelling' : 'write', near];
  }
  const other = own(others, name);
  if (other !== undefined) {
    return [other, ''];
  }
  const home = own(homes, name);
  if (home !== undefined) {
    return home === '' ? ['top', ''] : ['belongs', home];
  }
  // A registry's name at the top level is a file whose indentation was lost in copying.
  return path.length === 0 && /[.:]/.test(name) ? ['registry', ''] : ['known', known.join(', ')];
}

function own<V>(table: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function isNear(known: string, written: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[-_]/g, '');
  return known !== written && (plain(known) === plain(written) || `${known}s` === written);
}
