/**
 * The login of a `configs` entry as a credential: user name and password, or `auth` decoded. Which of
 * several kinds containerd would use decides; the others are told.
 *
 * Source: containerd `internal/cri/server/images` `ParseAuth`: user name before identity token before
 * `auth`.
 *
 * Does not handle: identity tokens; a credential is a user name with a secret.
 */
import { checkBasicLogin } from '../credential-input.js';
import { maskedSecret } from '../node-config/model.js';
import type { AuthSpec } from '../registries-yaml/registries-file.js';
import { SecretText } from '../secret-text.js';
import { decodeUtf8Base64 } from '../utf8-base64.js';
import { leftBehind, type Place } from './left-behind.js';
import type { NotImported, PlannedLogin } from './model.js';

type Login = Omit<PlannedLogin, 'address'>;

export interface ReadLogin {
  readonly login: Login | null;
  readonly notImported: readonly NotImported[];
}

export function readLogin(auth: AuthSpec, path: readonly (string | number)[]): ReadLogin {
  const place: Place = { path, at: auth.at };
  const chosen = chooseLogin(auth, place);
  const notImported = [...chosen.notImported, ...unusedKinds(auth, chosen.login, place)];
  return chosen.login === null
    ? { login: null, notImported }
    : withChecked(chosen.login, notImported, place);
}

function chooseLogin(auth: AuthSpec, place: Place): ReadLogin {
  if (auth.username !== '') {
    return { login: { username: auth.username, password: auth.password }, notImported: [] };
  }
  if (auth.identityToken.reveal() !== '') return none(identityToken(place));
  if (auth.auth.reveal() === '') {
    return none(
      leftBehind('node-config-import.login-empty', place, {
        detail: 'This auth block holds no login that a node would use.',
      }),
    );
  }
  if (auth.auth.reveal() === maskedSecret) return none(masked(place));
  const login = decodeAuth(auth.auth);
  return login === null
    ? none(
        leftBehind('node-config-import.auth-unreadable', place, {
          detail: 'auth is not base64 of user:password, so there is no login in it.',
        }),
      )
    : { login, notImported: [] };
}

// What is beside a user name is passed over by containerd; the same login written twice is no loss.
function unusedKinds(auth: AuthSpec, login: Login | null, place: Place): readonly NotImported[] {
  if (auth.username === '') return [];
  const decoded = auth.auth.reveal() === '' ? login : decodeAuth(auth.auth);
  const second = leftBehind('node-config-import.login-second', place, {
    detail: 'Beside user name and password stands another login, in auth; nodes pass it over.',
  });
  return [
    ...(auth.identityToken.reveal() === '' ? [] : [identityToken(place)]),
    ...(isSame(decoded, login) ? [] : [second]),
  ];
}

function withChecked(login: Login, notImported: readonly NotImported[], place: Place): ReadLogin {
  if (login.password.reveal() === maskedSecret) {
    return { login: null, notImported: [...notImported, masked(place)] };
  }
  const checked = checkBasicLogin(login);
  if (checked.ok) return { login, notImported };
  const invalid = checked.error.map(({ code, detail }) =>
    leftBehind('node-config-import.login-invalid', place, { detail, parameters: { reason: code } }),
  );
  return { login: null, notImported: [...notImported, ...invalid] };
}

function none(reason: NotImported): ReadLogin {
  return { login: null, notImported: [reason] };
}

function identityToken({ path, at }: Place): NotImported {
  return leftBehind(
    'node-config-import.identity-token',
    { path: [...path, 'identity_token'], at },
    { detail: 'An identity token is no user name and password, and is not kept.' },
  );
}

function masked(place: Place): NotImported {
  return leftBehind('node-config-import.login-masked', place, {
    detail: 'The secret is masked in this text: paste the file as it is on the node.',
  });
}

/** Go's standard encoding: padding is required; NULs at the end of the password are dropped. */
function decodeAuth(auth: SecretText): Login | null {
  const text = auth.reveal();
  const decoded = text.length % 4 === 0 ? decodeUtf8Base64(text) : null;
  const colon = decoded?.indexOf(':') ?? -1;
  if (decoded === null || colon < 0) return null;
  const password = decoded.slice(colon + 1).replace(/\0+$/, '');
  return { username: decoded.slice(0, colon), password: SecretText.of(password) };
}

function isSame(a: Login | null, b: Login | null): boolean {
  return a?.username === b?.username && a?.password.reveal() === b?.password.reveal();
}
