/**
 * The secret of a credential on its way into the database: checked by the domain's rules, sealed
 * for its row, and fingerprinted so that an upsert can see that nothing changed without opening it.
 */
import {
  type CredentialInputError,
  checkBasicLogin,
  parseCredentialScope,
  SecretText,
} from '@moorage/core';
import { type FieldProblem, Problem } from '../http/problem.js';
import type { Fingerprints } from '../sealing/fingerprint.js';
import type { RowIdentity, Sealed, SecretBox } from '../sealing/secret-box.js';

export interface Login {
  readonly username: string;
  readonly password: SecretText;
}

/** Where a credential's secret is sealed; whoever opens one names the same place. */
export function credentialSecretIdentity(credentialId: string): RowIdentity {
  return { table: 'credentials', id: credentialId, field: 'secret' };
}

/**
 * Throws `credential.invalid` with one entry per fault, none of which repeats the password.
 * `base` is where the credential stands in the request's body: `` or `/credential`.
 */
export function checkLogin(
  input: { readonly username: string; readonly password: string },
  base: string,
): Login {
  const checked = checkBasicLogin({
    username: input.username,
    password: SecretText.of(input.password),
  });
  if (checked.ok) return checked.value;
  const errors = checked.error.map((error) => describeFault(error, base));
  throw new Problem('credential.invalid', errors.map((error) => error.detail).join(' '), {
    errors,
  });
}

/** Canonical scope, or `credential.invalid` at `<base>/scope`. */
export function checkScope(scope: string, base: string): string {
  const parsed = parseCredentialScope(scope);
  if (parsed.ok) return parsed.value;
  const { code, suggestion } = parsed.error;
  const detail =
    suggestion === undefined ? parsed.error.detail : `${parsed.error.detail} Try: ${suggestion}`;
  throw new Problem('credential.invalid', detail, {
    errors: [{ pointer: `${base}/scope`, code, detail }],
  });
}

/** RFC 3339 has years of four digits; whatever a zone's offset makes of a time must stay one. */
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/** undefined = not given, null = never; a time that cannot be stored is refused at `<base>/expiresAt`. */
export function readExpiry(text: string | null | undefined, base: string): Date | null | undefined {
  if (typeof text !== 'string') return text;
  const time = new Date(text);
  if (time.getTime() >= EARLIEST && time.getTime() <= LATEST) return time;
  const detail = 'Give a time between the years 1970 and 9999, or null for none.';
  throw new Problem('credential.invalid', detail, {
    errors: [{ pointer: `${base}/expiresAt`, code: 'credential.expiry-out-of-range', detail }],
  });
}

function describeFault(
  { field, code, detail, suggestion }: CredentialInputError,
  base: string,
): FieldProblem {
  return {
    pointer: `${base}/${field}`,
    code,
    detail: suggestion === undefined ? detail : `${detail} ${suggestion}`,
  };
}

export interface SealedLogin extends Sealed {
  readonly fingerprint: Buffer;
}

export function sealLogin(
  box: SecretBox,
  fingerprints: Fingerprints,
  credentialId: string,
  login: Login,
): SealedLogin {
  return {
    ...box.seal(login.password, credentialSecretIdentity(credentialId)),
    fingerprint: fingerprintLogin(fingerprints, login),
  };
}

/** A user name holds no control characters, so the line break between the two is unambiguous. */
export function fingerprintLogin(
  fingerprints: Fingerprints,
  { username, password }: Login,
): Buffer {
  return fingerprints.fingerprint(SecretText.of(`${username}\n${password.reveal()}`));
}
