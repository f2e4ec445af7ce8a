/**
 * Explains a key that the node drops without a word: what it was meant to be, and what to write.
 * The loader is not strict, so a misspelt key is the commonest reason why a file "has no effect".
 *
 * Source: wharfie `pkg/registries/types.go`; containerd and K3s documentation for the keys that
 * people carry over from there.
 *
 * Does not handle: guessing among keys of another level by anything but their name.
 */
import type { Finding, PathSegment, Position } from './diagnostic.js';

const meanings: Readonly<Record<string, string>> = {
  token:
    'There is no token key; write username and password, or auth with base64 of user:password.',
  identitytoken: 'In this file the key is spelt identity_token.',
  identityToken: 'In this file the key is spelt identity_token.',
  registrytoken: 'There is no such key; an OAuth2 refresh token goes into identity_token.',
  endpoints: 'Write endpoint, with a list.',
  mirror: 'Write mirrors.',
  config: 'Write configs.',
  rewrites: 'Write rewrite.',
  insecure: 'Write tls.insecure_skip_verify.',
  skip_verify: 'Write insecure_skip_verify, inside tls.',
  insecureSkipVerify: 'Write insecure_skip_verify.',
  override_path: 'A path in the endpoint other than /v2 does this by itself.',
  capabilities: 'Not expressible here; only containerd’s own hosts.toml has it.',
  header: 'Not expressible here; only containerd’s own hosts.toml has it.',
  headers: 'Not expressible here; only containerd’s own hosts.toml has it.',
  client: 'Write tls.cert_file and tls.key_file under configs.',
  ca: 'Write tls.ca_file under configs.',
  email: 'Leave it out; registries do not need it.',
};

/** Keys that exist, but elsewhere in the document. */
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
  mirrors: 'the top level',
  configs: 'the top level',
};

export function explainUnknownKey(
  path: readonly PathSegment[],
  name: string,
  at: Position,
  known: readonly string[],
): Finding {
  const isToken = name === 'token' && path.at(-1) === 'auth';
  return {
    severity: 'warning',
    code: isToken ? 'registries-yaml.token-ignored' : 'registries-yaml.unknown-key',
    path: [...path, name],
    at: { line: at.line, column: at.column },
    message: isToken
      ? 'The key token does not exist, although documentation shows it: it is dropped, and pulls are anonymous unless another key is given.'
      : `The key ${JSON.stringify(name)} is unknown here and silently dropped.`,
    suggestion: suggest(path, name, known),
  };
}

function suggest(path: readonly PathSegment[], name: string, known: readonly string[]): string {
  const near = known.find((candidate) => isNear(candidate, name));
  if (near !== undefined) {
    return `Write ${near}.`;
  }
  const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  if (meaning !== undefined) {
    return meaning;
  }
  const home = Object.hasOwn(homes, name) ? homes[name] : undefined;
  if (home !== undefined) {
    return `It belongs into ${home}; check the indentation.`;
  }
  // A registry's name at the top level is a file whose indentation was lost in copying.
  return path.length === 0 && /[.:]/.test(name)
    ? 'A registry belongs under mirrors or configs; check the indentation.'
    : `Known here: ${known.join(', ')}.`;
}

function isNear(known: string, written: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[-_]/g, '');
  return known !== written && (plain(known) === plain(written) || `${known}s` === written);
}
