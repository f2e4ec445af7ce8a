/** What the form for a new registry holds while it is filled in, and the request that it becomes. */
import { parseRegistryAddress, recogniseProvider } from '@moorage/core';
import type { RegistryInput } from '../actions';
import type { Provider } from '../labels';
import { PROVIDER_FORMS } from './provider-forms';

export interface ConnectionDraft {
  readonly scheme: 'https' | 'http';
  readonly caCertificate: string;
  readonly insecureSkipVerify: boolean;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

export interface RegistryDraft {
  readonly parts: Readonly<Record<string, string>>;
  readonly address: string;
  readonly name: string;
  readonly description: string;
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  readonly username: string;
  readonly password: string;
  readonly scope: string;
  readonly expiresAt: string;
  readonly connection: ConnectionDraft;
}

const DEFAULT_CONNECTION: ConnectionDraft = {
  scheme: 'https',
  caCertificate: '',
  insecureSkipVerify: false,
  clientCertificate: '',
  clientKey: '',
};

export const EMPTY_DRAFT: RegistryDraft = {
  parts: {},
  address: '',
  name: '',
  description: '',
  deliver: 'both',
  username: '',
  password: '',
  scope: '',
  expiresAt: '',
  connection: DEFAULT_CONNECTION,
};

/** The address as typed, chosen or put together from its parts. */
export function addressOf(provider: Provider, draft: RegistryDraft): string {
  const form = PROVIDER_FORMS[provider].address;
  switch (form.kind) {
    case 'fixed':
      return form.address;
    case 'choice':
      return draft.address === '' ? (form.addresses[0] ?? '') : draft.address;
    case 'parts':
      return form.parts.some(({ id }) => !draft.parts[id]?.trim()) ? '' : form.build(draft.parts);
    case 'free':
      return draft.address;
  }
}

/** A vendor's own form for an address that only this vendor can own. */
export function providerOfAddress(address: string): Provider {
  const parsed = parseRegistryAddress(address);
  return parsed.ok ? recogniseProvider(parsed.value.address) : 'generic';
}

/** Fills the parts back from a whole address, for what was pasted; null where they cannot be told. */
export function partsOfAddress(provider: Provider, address: string): Record<string, string> | null {
  const patterns: Partial<Record<Provider, RegExp>> = {
    'aws-ecr': /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$/,
    'artifact-registry': /^(?<location>[a-z0-9-]+)-docker\.pkg\.dev$/,
    acr: /^(?<name>[a-z0-9]+)\.azurecr\.io$/,
  };
  const groups = patterns[provider]?.exec(address)?.groups;
  return groups === undefined ? null : { ...groups };
}

export function expiryOf(date: string): string | null {
  return date === '' ? null : new Date(`${date}T23:59:59`).toISOString();
}

const HOUR_MS = 3_600_000;

function credentialOf(provider: Provider, draft: RegistryDraft, now: number) {
  const { fixedUsername, lifetimeHours } = PROVIDER_FORMS[provider];
  const username = fixedUsername ?? draft.username.trim();
  if (draft.password === '' && (fixedUsername !== undefined || username === '')) return {};
  const expiresAt =
    lifetimeHours === undefined
      ? expiryOf(draft.expiresAt)
      : new Date(now + lifetimeHours * HOUR_MS).toISOString();
  return {
    credential: { username, password: draft.password, scope: draft.scope.trim(), expiresAt },
  };
}

/** Only what differs from the defaults; empty fields mean "none". */
export function connectionInputOf(draft: ConnectionDraft) {
  const { caCertificate, clientCertificate, clientKey } = draft;
  return {
    scheme: draft.scheme,
    insecureSkipVerify: draft.scheme === 'https' && draft.insecureSkipVerify,
    caCertificate: caCertificate.trim() === '' ? null : caCertificate,
    clientCertificate: clientCertificate.trim() === '' ? null : clientCertificate,
    ...(clientKey.trim() === '' ? {} : { clientKey }),
  };
}

function isDefaultConnection(draft: ConnectionDraft): boolean {
  return JSON.stringify(draft) === JSON.stringify(DEFAULT_CONNECTION);
}

export function registryInputOf(
  provider: Provider,
  draft: RegistryDraft,
  now: number,
): RegistryInput {
  const { name, description, deliver, connection } = draft;
  return {
    address: addressOf(provider, draft),
    provider,
    deliver,
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(description.trim() === '' ? {} : { description: description.trim() }),
    ...(isDefaultConnection(connection) ? {} : { connection: connectionInputOf(connection) }),
    ...credentialOf(provider, draft, now),
  };
}
