/**
 * Logins as they reach containerd: K3s copies every `configs` entry with an `auth` block into
 * containerd's `config.toml`, under the key exactly as written. containerd looks them up by the host
 * that it asks, so a key that is no such host is never used.
 *
 * Sources: K3s `pkg/agent/templates/templates.go`, containerd `internal/cri/server/images`
 * `ParseAuth`.
 *
 * Does not handle: templates of the user's own, which may leave the logins out.
 */
import type { SecretText } from '../secret-text.js';
import { decodeUtf8Base64 } from '../utf8-base64.js';
import { quoteGo } from './go-quote.js';
import type { AuthSpec, RegistriesFile } from './registries-file.js';

export type AuthKind = 'password' | 'auth' | 'identity_token';

/** What may be shown of a login: whose it is and of which kinds, never the secret. */
export interface AuthSummary {
  readonly username?: string;
  /** In the order in which containerd prefers them; empty for an empty block: anonymous. */
  readonly kinds: readonly AuthKind[];
}

type Login = Omit<AuthSpec, 'at'>;

export function summarizeAuth(auth: Login): AuthSummary {
  const kinds: AuthKind[] = [
    ...(auth.password.reveal() !== '' ? (['password'] as const) : []),
    ...(auth.identityToken.reveal() !== '' ? (['identity_token'] as const) : []),
    ...(auth.auth.reveal() !== '' ? (['auth'] as const) : []),
  ];
  const username = auth.username || userOfAuth(auth.auth);
  return username ? { username, kinds } : { kinds };
}

/** The user name inside `auth`; null when it is not base64 of `user:password`. */
export function userOfAuth(auth: SecretText): string | null {
  const text = auth.reveal();
  // containerd decodes with Go's standard encoding: padding is required.
  const decoded = text.length % 4 === 0 ? decodeUtf8Base64(text) : null;
  const colon = decoded?.indexOf(':') ?? -1;
  return decoded === null || colon < 0 ? null : decoded.slice(0, colon);
}

/** By `configs` key, as written into `config.toml`. */
export function summarizeContainerdAuth(file: RegistriesFile): ReadonlyMap<string, AuthSummary> {
  const entries = [...file.configs].flatMap(([key, { auth }]): [string, AuthSummary][] =>
    auth === null ? [] : [[key, summarizeAuth(auth)]],
  );
  return new Map(entries);
}

/** The tables of `config.toml` (version 3), secrets shown as the reader decides. */
export function formatAuthStanzas(
  file: RegistriesFile,
  reveal: (secret: SecretText) => string,
): string {
  const stanzas = [...file.configs].flatMap(([key, { auth }]) => {
    if (auth === null) {
      return [];
    }
    const fields: readonly (readonly [string, string])[] = [
      ['username', auth.username],
      ['password', revealed(auth.password, reveal)],
      ['auth', revealed(auth.auth, reveal)],
      ['identitytoken', revealed(auth.identityToken, reveal)],
    ];
    const lines = fields
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `  ${name} = ${quoteGo(value)}`);
    const table = `[plugins.'io.containerd.cri.v1.images'.registry.configs.'${key}'.auth]`;
    return [[table, ...lines].join('\n')];
  });
  return stanzas.length === 0 ? '' : `${stanzas.toSorted().join('\n\n')}\n`;
}

function revealed(secret: SecretText, reveal: (secret: SecretText) => string): string {
  return secret.reveal() === '' ? '' : reveal(secret);
}
