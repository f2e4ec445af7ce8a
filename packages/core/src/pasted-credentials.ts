/**
 * Whatever people have at hand when they add a registry, turned into logins:
 *
 * - a login command (login-command.ts),
 * - Docker's config.json or .dockercfg, also base64-encoded (docker-config.ts),
 * - Kubernetes Secrets of type `kubernetes.io/dockerconfigjson` or `kubernetes.io/dockercfg`, as
 *   YAML or JSON, several documents or a List.
 *
 * What cannot be used is reported by place; no report holds a value. Nothing is stored here.
 * Not handled: Secrets of other types, encrypted manifests, credential helpers.
 */
import { parseAllDocuments } from 'yaml';
import {
  type DockerConfig,
  decodeDockerConfig,
  readDockerConfig,
  secretDataMaxBytes,
} from './docker-config.js';
import type { DockerConfigEntry } from './docker-config-entries.js';
import { type LoginCommand, looksLikeCommand, parseLoginCommands } from './login-command.js';
import { parseRegistryAddress } from './registry-host.js';
import { SecretText } from './secret-text.js';
import { decodeUtf8Base64, utf8Size } from './utf8-base64.js';

export interface PastedCredential {
  readonly address: string;
  /** Empty for the whole registry. */
  readonly scope: string;
  readonly username: string;
  /** Null when the text only says where the password would come from; a problem says so. */
  readonly password: SecretText | null;
}

export interface PastedProblem {
  /** `pasted.*`, or the code of the address or docker-config fault. */
  readonly code: string;
  /** Key, kind or command that is meant; null for the text as a whole. */
  readonly where: string | null;
  readonly detail: string;
  readonly suggestion?: string;
}

export interface PastedCredentials {
  readonly credentials: readonly PastedCredential[];
  readonly problems: readonly PastedProblem[];
}

// One Secret has at most 1 MiB of data (docker-config.ts); as base64 inside a manifest 4/3 of it.
const pastedMaxBytes = secretDataMaxBytes;
// The YAML parser needs about 2 s for the worst 1 MiB; a quarter keeps the server responsive. As JSON
// the whole size is read.
const yamlMaxLength = pastedMaxBytes / 4;
// YAML aliases let a small text stand for a huge one; manifests need none to speak of.
const yamlMaxAliases = 50;

export function parsePastedCredentials(text: string): PastedCredentials {
  if (utf8Size(text) > pastedMaxBytes) {
    return onlyProblem('pasted.too-large', 'The text is larger than 1 MiB.');
  }
  if (text.trim() === '') return onlyProblem('pasted.empty', 'There is no text.');
  const found = looksLikeCommand(text) ? fromCommands(text) : fromDocuments(text);
  if (found.credentials.length > 0 || found.problems.length > 0) return found;
  return onlyProblem('pasted.nothing-found', 'The text holds no registry login.');
}

function fromCommands(text: string): PastedCredentials {
  const commands = parseLoginCommands(text);
  if (commands === null) {
    return onlyProblem('pasted.open-quote', 'A quote in the command is not closed.');
  }
  return join(commands.map(fromCommand));
}

function fromCommand({ server, username, password }: LoginCommand): PastedCredentials {
  const where = 'login';
  const address = parseRegistryAddress(server === '' ? 'docker.io' : server);
  if (!address.ok) return { credentials: [], problems: [{ ...address.error, where }] };
  const problems: PastedProblem[] = [];
  if (username === '') {
    const detail = 'The command names no user; it would ask for one.';
    problems.push({ code: 'pasted.username-missing', where, detail });
  }
  if (password === null) {
    const detail = 'The command does not contain the password; enter it.';
    problems.push({ code: 'pasted.password-elsewhere', where, detail });
  }
  const credential = {
    address: address.value.address,
    scope: address.value.path ?? '',
    username,
    password: password === null ? null : SecretText.of(password),
  };
  return { credentials: [credential], problems };
}

function fromDocuments(text: string): PastedCredentials {
  const trimmed = text.trim();
  const encoded = decodeUtf8Base64(trimmed.replace(/\s+/g, ''));
  const source = encoded?.trimStart().startsWith('{') ? encoded : trimmed;
  const documents = parseDocuments(source);
  if (documents === null) {
    const detail = 'The text is no valid JSON, login command, or YAML of at most 256 KiB.';
    return onlyProblem('pasted.not-readable', detail);
  }
  return join(documents.map((document) => fromDocument(document)));
}

/** Null when any document is broken, because the rest may be cut off. */
function parseDocuments(text: string): readonly unknown[] | null {
  try {
    if (/^[{[]/.test(text)) return [JSON.parse(text)];
  } catch {
    // Not JSON; flow-style YAML also begins like that. The message would quote the text.
  }
  if (text.length > yamlMaxLength) return null;
  try {
    // Looking for duplicate keys takes the library time quadratic in their number.
    const options = { logLevel: 'silent', prettyErrors: false, uniqueKeys: false } as const;
    const documents = parseAllDocuments(text, options);
    if (documents.some((document) => document.errors.length > 0)) return null;
    return documents.map((document): unknown => document.toJS({ maxAliasCount: yamlMaxAliases }));
  } catch {
    // Too many aliases or too deep. The message is dropped: it may quote the text.
    return null;
  }
}

function fromDocument(document: unknown, isListed = false): PastedCredentials {
  if (document === null || document === undefined) return join([]);
  if (!isRecord(document)) {
    return onlyProblem('pasted.not-readable', 'The text is no valid JSON, YAML or login command.');
  }
  const { kind, items } = document;
  // Lists do not nest in Kubernetes; following them would let the text choose the stack's depth.
  if (Array.isArray(items) && !isListed) {
    return join(items.map((item) => fromDocument(item, true)));
  }
  if (kind === 'Secret') return fromSecret(document);
  if (typeof kind === 'string') {
    const detail = 'Only Secrets hold registry logins.';
    return onlyProblem('pasted.not-a-secret', detail, shorten(kind));
  }
  const config = readDockerConfig(document);
  return config.ok ? fromConfig(config.value) : onlyProblem(config.error.code, config.error.detail);
}

const secretKeys = ['.dockerconfigjson', '.dockercfg'] as const;

function fromSecret(secret: Readonly<Record<string, unknown>>): PastedCredentials {
  const metadata = isRecord(secret.metadata) ? secret.metadata : {};
  const where = typeof metadata.name === 'string' ? `Secret ${shorten(metadata.name)}` : 'Secret';
  const key = secretKeys.find((name) => readSecretValue(secret, name) !== undefined);
  if (key === undefined) {
    const detail = 'The Secret holds neither .dockerconfigjson nor .dockercfg.';
    return onlyProblem('pasted.not-a-pull-secret', detail, where);
  }
  const text = readSecretValue(secret, key);
  if (typeof text !== 'string') {
    return onlyProblem('pasted.secret-not-base64', `${key} is not base64 of UTF-8 text.`, where);
  }
  const config = decodeDockerConfig(text);
  if (!config.ok) return onlyProblem(config.error.code, config.error.detail, where);
  return fromConfig(config.value);
}

/** Undefined when absent, null when present and not decodable; `stringData` wins as in the API. */
function readSecretValue(
  secret: Readonly<Record<string, unknown>>,
  key: string,
): string | null | undefined {
  const plain = isRecord(secret.stringData) ? secret.stringData[key] : undefined;
  if (plain !== undefined) return typeof plain === 'string' ? plain : null;
  const encoded = isRecord(secret.data) ? secret.data[key] : undefined;
  if (encoded === undefined) return undefined;
  return typeof encoded === 'string' ? decodeUtf8Base64(encoded.replace(/\s+/g, '')) : null;
}

function fromConfig(config: DockerConfig): PastedCredentials {
  const problems = config.problems.map(({ code, key, detail }) => ({ code, where: key, detail }));
  return join([{ credentials: [], problems }, ...config.entries.map(fromEntry)]);
}

function fromEntry({ key, username, password }: DockerConfigEntry): PastedCredentials {
  const address = parseRegistryAddress(key);
  const where = shorten(key);
  if (!address.ok) return { credentials: [], problems: [{ ...address.error, where }] };
  if (username === null || password === null) {
    const detail = 'The entry holds only a session token, which cannot be stored as a password.';
    return onlyProblem('pasted.token-only', detail, where);
  }
  const scope = address.value.path ?? '';
  const credential = { address: address.value.address, scope, username, password };
  return { credentials: [credential], problems: [] };
}

function join(parts: readonly PastedCredentials[]): PastedCredentials {
  return {
    credentials: parts.flatMap(({ credentials }) => credentials),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

function onlyProblem(code: string, detail: string, where: string | null = null): PastedCredentials {
  return { credentials: [], problems: [{ code, where, detail }] };
}

function shorten(text: string): string {
  // Long enough for host, port and scope; a report must not echo kilobytes.
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
