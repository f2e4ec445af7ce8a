/**
 * What may be stored as the user name and password of a `basic` credential.
 *
 *   user name := text without colon and control characters (RFC 7617 section 2), ≤ 1 KiB
 *   password  := text without control characters, ≤ 64 KiB; a line break is the mark of a
 *                careless paste
 *
 * Google's user names promise a service-account key: `_json_key` the JSON file, `_json_key_base64`
 * its base64. Everything else is taken as it is, `$`, blanks inside and non-ASCII included.
 * No message repeats any part of a password.
 */
import { Err, Ok, type Result } from './result.js';
import { SecretText } from './secret-text.js';
import { decodeUtf8Base64, utf8Size } from './utf8-base64.js';

// The longest names are robot accounts and principals of about 200 characters.
export const usernameMaxBytes = 1024;
// Tokens have up to 5 KiB. In a pull secret a password is written twice (plain and inside `auth`,
// 4/3 as long), so 64 KiB lets at least six share the 1 MiB of a Secret.
export const passwordMaxBytes = 64 * 1024;

export interface CredentialInputError {
  readonly code:
    | 'credential.username-empty'
    | 'credential.username-too-long'
    | 'credential.username-has-colon'
    | 'credential.username-has-control'
    | 'credential.username-has-blanks'
    | 'credential.password-empty'
    | 'credential.password-too-long'
    | 'credential.password-has-line-break'
    | 'credential.password-has-control'
    | 'credential.text-malformed'
    | 'credential.json-key-not-base64'
    | 'credential.json-key-not-json'
    | 'credential.json-key-incomplete';
  readonly field: 'username' | 'password';
  readonly detail: string;
  /** In words; never a corrected password. */
  readonly suggestion?: string;
}

export interface BasicLogin {
  readonly username: string;
  readonly password: SecretText;
}

/** All faults at once, so that a form can show them together. */
export function checkBasicLogin(
  login: BasicLogin,
): Result<BasicLogin, readonly CredentialInputError[]> {
  const errors = [
    checkUsername(login.username),
    checkPassword(login.username, login.password.reveal()),
  ].filter((error) => error !== null);
  return errors.length === 0 ? Ok(login) : Err(errors);
}

function checkUsername(username: string): CredentialInputError | null {
  const fail = (code: CredentialInputError['code'], detail: string, suggestion?: string) =>
    complain({ code, field: 'username', detail }, suggestion);
  if (username.trim() === '') return fail('credential.username-empty', 'A user name is needed.');
  if (!username.isWellFormed()) {
    return fail('credential.text-malformed', 'The user name holds half of a character.');
  }
  if (utf8Size(username) > usernameMaxBytes) {
    return fail('credential.username-too-long', `At most ${usernameMaxBytes} bytes.`);
  }
  if (/\p{Cc}/u.test(username)) {
    const detail = 'The user name holds a line break or another control character.';
    return fail(
      'credential.username-has-control',
      detail,
      'Remove it; it often comes from pasting.',
    );
  }
  if (username !== username.trim()) {
    const detail = 'The user name starts or ends with a blank.';
    return fail('credential.username-has-blanks', detail, username.trim());
  }
  if (username.includes(':')) {
    const detail = 'A user name cannot hold a colon: it separates user name and password.';
    return fail('credential.username-has-colon', detail, 'Enter what follows as the password.');
  }
  return null;
}

function checkPassword(username: string, password: string): CredentialInputError | null {
  if (password === '') {
    return passwordFault('credential.password-empty', 'A password or token is needed.');
  }
  if (!password.isWellFormed()) {
    return passwordFault('credential.text-malformed', 'The password holds half of a character.');
  }
  if (utf8Size(password) > passwordMaxBytes) {
    const detail = `At most ${passwordMaxBytes} bytes.`;
    return passwordFault('credential.password-too-long', detail);
  }
  if (username === '_json_key') return checkJsonKey(password);
  if (username === '_json_key_base64') return checkJsonKeyBase64(password);
  if (/[\r\n]/.test(password)) {
    const atEnd = /^[\r\n]+$/.test(password.slice(password.search(/[\r\n]/)));
    return passwordFault(
      'credential.password-has-line-break',
      atEnd ? 'The password ends with a line break.' : 'The password holds a line break.',
      atEnd ? 'Remove it; it usually comes from a file or from pasting.' : undefined,
    );
  }
  // A tab can only come from pasting; NUL ends the text for many programs (RFC 7617 refuses both).
  return /\p{Cc}/u.test(password)
    ? passwordFault('credential.password-has-control', 'The password holds a control character.')
    : null;
}

function checkJsonKeyBase64(password: string): CredentialInputError | null {
  // `base64` wraps its output at 76 characters.
  const json = decodeUtf8Base64(password.replace(/[\r\n]+/g, ''));
  return json === null
    ? passwordFault(
        'credential.json-key-not-base64',
        'For the user _json_key_base64 the password is base64 of the key file.',
        'For the JSON file itself use the user name _json_key.',
      )
    : checkJsonKey(json);
}

const jsonKeyFields: readonly string[] = ['client_email', 'private_key', 'project_id'];

function checkJsonKey(password: string): CredentialInputError | null {
  const key = parseObject(password);
  if (key === null) {
    return passwordFault(
      'credential.json-key-not-json',
      'For the user _json_key the password is the whole JSON file of a service-account key.',
    );
  }
  const missing = jsonKeyFields.filter((field) => typeof key.get(field) !== 'string');
  if (key.get('type') !== 'service_account') missing.unshift('type');
  return missing.length === 0
    ? null
    : passwordFault(
        'credential.json-key-incomplete',
        `This JSON is no service-account key: ${missing.join(', ')} missing or different.`,
      );
}

function parseObject(text: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? new Map<string, unknown>(Object.entries(value)) : null;
  } catch {
    // The engine's message quotes the input, which is a private key.
    return null;
  }
}

function passwordFault(
  code: CredentialInputError['code'],
  detail: string,
  suggestion?: string,
): CredentialInputError {
  return complain({ code, field: 'password', detail }, suggestion);
}

function complain(error: CredentialInputError, suggestion?: string): CredentialInputError {
  return suggestion === undefined ? error : { ...error, suggestion };
}
