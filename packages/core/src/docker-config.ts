/**
 * Docker's login file, as found in `~/.docker/config.json`, `~/.dockercfg` and the Secrets of type
 * `kubernetes.io/dockerconfigjson` and `kubernetes.io/dockercfg`.
 *
 *   config  := {"auths": {key: entry, …}, …}          legacy .dockercfg := {key: entry, …}
 *   entry   := {"auth"?: base64("user:password"), "username"?, "password"?, "email"?,
 *               "identitytoken"?, "registrytoken"?}
 *   key     := [http[s]://] host [":" port] ["/" path]
 *
 * As in docker/cli `config/configfile/file.go` and kubelet `credentialprovider/config.go`: `auth`
 * beats username and password, the password begins after the first colon, padding may be missing.
 * Unlike them, one bad entry spoils only itself and is reported. No message holds a value: the
 * input of a failed parse is a secret.
 *
 * Does not handle credential helpers (`credsStore`, `credHelpers`): they name programs that hold
 * the passwords, which are not in the document. They are reported.
 */

import { compareText } from './compare-text.js';
import type { DockerConfigEntry } from './docker-config-entries.js';
import { type DockerConfigProblem, readEntries } from './docker-config-entries.js';
import { isDockerHub } from './docker-hub.js';
import { Err, Ok, type Result } from './result.js';
import { SecretText } from './secret-text.js';
import { encodeUtf8Base64, utf8Size } from './utf8-base64.js';

export type { DockerConfigEntry, DockerConfigProblem } from './docker-config-entries.js';

/** Kubernetes `core.MaxSecretSize`: all values of one Secret together, 1 MiB. */
export const secretDataMaxBytes = 1024 * 1024;

export interface DockerConfig {
  readonly format: 'dockerconfigjson' | 'dockercfg';
  readonly entries: readonly DockerConfigEntry[];
  readonly problems: readonly DockerConfigProblem[];
}

export interface DockerConfigError {
  readonly code:
    | 'docker-config.too-large'
    | 'docker-config.not-json'
    | 'docker-config.not-an-object'
    | 'docker-config.auths-not-an-object';
  readonly detail: string;
}

export interface EncodeDockerConfigError {
  readonly code:
    | 'docker-config.too-large'
    | 'docker-config.duplicate-key'
    | 'docker-config.username-has-colon';
  readonly detail: string;
  readonly sizeBytes?: number;
}

export interface PullSecretEntry {
  readonly key: string;
  readonly username: string;
  readonly password: SecretText;
}

export function decodeDockerConfig(text: string): Result<DockerConfig, DockerConfigError> {
  if (utf8Size(text) > secretDataMaxBytes) {
    return Err({ code: 'docker-config.too-large', detail: 'More than 1 MiB.' });
  }
  const document = parseJson(text);
  if (document === undefined) {
    return Err({ code: 'docker-config.not-json', detail: 'The text is not valid JSON.' });
  }
  return readDockerConfig(document);
}

/** The same for a document that is parsed already, such as one inside YAML. */
export function readDockerConfig(document: unknown): Result<DockerConfig, DockerConfigError> {
  if (!isRecord(document)) {
    return Err({ code: 'docker-config.not-an-object', detail: 'A JSON object is needed.' });
  }
  const auths = document.auths;
  if (auths === undefined) {
    const keyed = Object.entries(document).filter(([key]) => !isClientSetting(key));
    return Ok({ format: 'dockercfg', ...merge(readEntries(keyed), helperProblems(document)) });
  }
  if (!isRecord(auths)) {
    const detail = '`auths` must be an object of registries.';
    return Err({ code: 'docker-config.auths-not-an-object', detail });
  }
  const read = readEntries(Object.entries(auths));
  return Ok({ format: 'dockerconfigjson', ...merge(read, helperProblems(document)) });
}

/**
 * The content of a pull secret: sorted by key, the same bytes for the same entries. The JSON is
 * joined by hand because an object would put keys that look like integers first.
 */
export function encodeDockerConfig(
  entries: readonly PullSecretEntry[],
): Result<SecretText, EncodeDockerConfigError> {
  const sorted = entries.toSorted((a, b) => compareText(a.key, b.key));
  const twice = sorted.find((entry, index) => entry.key === sorted[index + 1]?.key);
  if (twice !== undefined) {
    const detail = `Two entries for ${twice.key}.`;
    return Err({ code: 'docker-config.duplicate-key', detail });
  }
  const ambiguous = sorted.find((entry) => entry.username.includes(':'));
  if (ambiguous !== undefined) {
    const detail = `The user name for ${ambiguous.key} holds a colon, which ends it in \`auth\`.`;
    return Err({ code: 'docker-config.username-has-colon', detail });
  }
  const text = `{"auths":{${sorted.map(encodeEntry).join(',')}}}`;
  const sizeBytes = utf8Size(text);
  return sizeBytes > secretDataMaxBytes
    ? Err({ code: 'docker-config.too-large', detail: 'More than 1 MiB.', sizeBytes })
    : Ok(SecretText.of(text));
}

/**
 * The `auths` key by which the kubelet finds a credential. Docker Hub as a whole has the historic
 * key that every client knows. A scope ends in a slash because the kubelet compares plain
 * prefixes. It also drops a leading `/v1/` or `/v2/`, so a scope that begins like that is written
 * behind another `v2/`, lest the credential serve the whole registry.
 */
export function pullSecretKey(address: string, scope: string): string {
  if (scope === '') return isDockerHub(address) ? 'https://index.docker.io/v1/' : address;
  const host = isDockerHub(address) ? 'docker.io' : address;
  const guard = /^v[12](?:\/|$)/.test(scope) ? 'v2/' : '';
  return `${host}/${guard}${scope}/`;
}

function encodeEntry({ key, username, password }: PullSecretEntry): string {
  const secret = password.reveal();
  const auth = encodeUtf8Base64(`${username}:${secret}`);
  return `${JSON.stringify(key)}:${JSON.stringify({ username, password: secret, auth })}`;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    // The engine's message quotes the input, which holds passwords.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Top-level fields of docker/cli's ConfigFile that are no registry.
const clientSettings: ReadonlySet<string> = new Set([
  'HttpHeaders',
  'aliases',
  'cliPluginsExtraDirs',
  'configFormat',
  'credHelpers',
  'credsStore',
  'currentContext',
  'detachKeys',
  'experimental',
  'features',
  'plugins',
  'proxies',
  'stackOrchestrator',
]);

function isClientSetting(key: string): boolean {
  return clientSettings.has(key) || key.endsWith('Format');
}

function helperProblems(
  document: Readonly<Record<string, unknown>>,
): readonly DockerConfigProblem[] {
  return ['credsStore', 'credHelpers']
    .filter((field) => document[field] !== undefined)
    .map((field) => ({
      code: 'docker-config.credential-helper',
      key: null,
      detail: `\`${field}\` names a program that holds passwords; they are not in this document.`,
    }));
}

interface ReadResult {
  readonly entries: readonly DockerConfigEntry[];
  readonly problems: readonly DockerConfigProblem[];
}

function merge(read: ReadResult, more: readonly DockerConfigProblem[]): ReadResult {
  return { entries: read.entries, problems: [...read.problems, ...more] };
}
