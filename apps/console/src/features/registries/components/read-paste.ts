import { parsePastedCredentials } from '@moorage/core';
import type { Provider } from '../labels';
import {
  EMPTY_DRAFT,
  partsOfAddress,
  providerOfAddress,
  type RegistryDraft,
} from './registry-draft';

/** The form of a provider, with what is known already; null = nothing yet. */
export interface FilledForm {
  readonly provider: Provider;
  readonly draft: RegistryDraft | null;
}

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

/** The form that a login belongs into, filled. */
export function fillForm({ address, username, password, scope }: PastedLogin): FilledForm {
  const provider = providerOfAddress(address);
  const parts = partsOfAddress(provider, address);
  const draft = { ...EMPTY_DRAFT, address, username, password, scope, parts: parts ?? {} };
  return { provider, draft };
}
