/**
 * One entry of Docker's login file; see docker-config.ts for the shape. Every entry ends up either
 * usable, or in a problem that names its key and never its content.
 */
import { SecretText } from './secret-text.js';
import { decodeUtf8Base64 } from './utf8-base64.js';

export interface DockerConfigEntry {
  /** As written in the document, without user info. */
  readonly key: string;
  readonly username: string | null;
  readonly password: SecretText | null;
  /** An OAuth refresh token (`docker login` against Azure and others). */
  readonly identityToken: SecretText | null;
  /** A bearer token sent as it is. */
  readonly registryToken: SecretText | null;
}

export interface DockerConfigProblem {
  readonly code:
    | 'docker-config.entry-not-an-object'
    | 'docker-config.entry-empty'
    | 'docker-config.field-not-text'
    | 'docker-config.auth-not-base64'
    | 'docker-config.auth-without-colon'
    | 'docker-config.auth-differs'
    | 'docker-config.username-missing'
    | 'docker-config.password-missing'
    | 'docker-config.key-with-userinfo'
    | 'docker-config.credential-helper';
  /** The entry's key, without user info and cut short; null for the document as a whole. */
  readonly key: string | null;
  readonly detail: string;
}

const fieldNames = ['auth', 'username', 'password', 'identitytoken', 'registrytoken'] as const;
type FieldName = (typeof fieldNames)[number];
type Fields = Readonly<Record<FieldName, string>>;

type Report = (code: DockerConfigProblem['code'], detail: string) => void;

export function readEntries(keyed: readonly (readonly [string, unknown])[]): {
  readonly entries: readonly DockerConfigEntry[];
  readonly problems: readonly DockerConfigProblem[];
} {
  const entries: DockerConfigEntry[] = [];
  const problems: DockerConfigProblem[] = [];
  for (const [written, value] of keyed) {
    const key = withoutUserinfo(written);
    // 300 characters hold every host with port and a scope; the rest is junk.
    const shown = key.length > 300 ? `${key.slice(0, 299)}…` : key;
    const report: Report = (code, detail) => problems.push({ code, key: shown, detail });
    if (key !== written) {
      report('docker-config.key-with-userinfo', 'The key holds a user name or password; ignored.');
    }
    const entry = readEntry(key, value, report);
    if (entry !== null) entries.push(entry);
  }
  return { entries, problems };
}

/** `https://user:secret@host/` is a place where passwords leak from keys into messages. */
function withoutUserinfo(key: string): string {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(key)?.[0] ?? '';
  const rest = key.slice(scheme.length);
  return scheme + rest.slice(rest.lastIndexOf('@') + 1);
}

function readEntry(key: string, value: unknown, report: Report): DockerConfigEntry | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report('docker-config.entry-not-an-object', 'The entry is not an object.');
    return null;
  }
  const fields = readFields(new Map<string, unknown>(Object.entries(value)), report);
  const login = readLogin(fields, report);
  const identityToken = secretOrNull(fields.identitytoken);
  const registryToken = secretOrNull(fields.registrytoken);
  if (login === null && identityToken === null && registryToken === null) return null;
  return {
    key,
    username: login?.username ?? null,
    password: login?.password ?? null,
    identityToken,
    registryToken,
  };
}

function readFields(value: ReadonlyMap<string, unknown>, report: Report): Fields {
  const fields = { auth: '', username: '', password: '', identitytoken: '', registrytoken: '' };
  for (const name of fieldNames) {
    const text = value.get(name) ?? '';
    if (typeof text === 'string') fields[name] = text;
    else report('docker-config.field-not-text', `\`${name}\` is not a text; ignored.`);
  }
  return fields;
}

interface Login {
  readonly username: string;
  readonly password: SecretText | null;
}

function readLogin(fields: Fields, report: Report): Login | null {
  if (fields.auth.trim() === '') return readPlainLogin(fields, report);
  const login = readAuth(fields.auth, report);
  if (login === null) return null;
  const { username, password } = fields;
  const differs =
    (username !== '' && username !== login.username) ||
    (password !== '' && password !== login.password);
  if (differs) {
    report(
      'docker-config.auth-differs',
      '`auth` says something else than `username` and `password`; clients use `auth`.',
    );
  }
  return finishLogin({ ...login, hasToken: hasToken(fields) }, report);
}

function readAuth(auth: string, report: Report): { username: string; password: string } | null {
  const text = decodeUtf8Base64(auth);
  if (text === null) {
    report('docker-config.auth-not-base64', '`auth` is not base64 of UTF-8 text.');
    return null;
  }
  const colon = text.indexOf(':');
  if (colon < 0) {
    report('docker-config.auth-without-colon', '`auth` is not base64 of user:password.');
    return null;
  }
  // docker/cli `decodeAuth` cuts the NULs that old clients appended.
  let end = text.length;
  while (end > colon + 1 && text[end - 1] === '\0') end -= 1;
  return { username: text.slice(0, colon), password: text.slice(colon + 1, end) };
}

function readPlainLogin(fields: Fields, report: Report): Login | null {
  const { username, password } = fields;
  if (username === '' && password === '') {
    if (!hasToken(fields)) report('docker-config.entry-empty', 'The entry holds no login.');
    return null;
  }
  return finishLogin({ username, password, hasToken: hasToken(fields) }, report);
}

function finishLogin(
  login: { username: string; password: string; hasToken: boolean },
  report: Report,
): Login | null {
  if (login.username === '') {
    report('docker-config.username-missing', 'The entry has a password but no user name.');
    return null;
  }
  if (login.password !== '') {
    return { username: login.username, password: SecretText.of(login.password) };
  }
  // `docker login` with a token writes `auth` as "user:" and the secret as `identitytoken`.
  if (login.hasToken) return { username: login.username, password: null };
  report('docker-config.password-missing', 'The entry has a user name but no password.');
  return null;
}

function hasToken(fields: Fields): boolean {
  return fields.identitytoken !== '' || fields.registrytoken !== '';
}

function secretOrNull(text: string): SecretText | null {
  return text === '' ? null : SecretText.of(text);
}
