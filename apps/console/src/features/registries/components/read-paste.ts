import { parsePastedCredentials } from '@moorage/core';

export interface PastedLogin {
  readonly address: string;
  readonly scope: string;
  readonly username: string;
  /** empty when the text only says where it would come from */
  readonly password: string;
}

export interface PasteReading {
  readonly logins: readonly PastedLogin[];
  readonly problems: readonly { readonly code: string; readonly where: string | null }[];
}

/** Logins in whatever was pasted. Loaded only when something is: it brings a YAML parser along. */
export function readPaste(text: string): PasteReading {
  const { credentials, problems } = parsePastedCredentials(text);
  const logins = credentials.map(({ address, scope, username, password }) => ({
    address,
    scope,
    username,
    password: password?.reveal() ?? '',
  }));
  return { logins, problems: problems.map(({ code, where }) => ({ code, where })) };
}
