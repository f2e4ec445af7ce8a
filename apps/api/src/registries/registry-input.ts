/** What a request says about a registry's address, in the domain's terms. */
import type { CredentialCreate } from '@moorage/contract';
import { parseCredentialScope, parseRegistryAddress } from '@moorage/core';
import type { z } from 'zod';
import { Problem } from '../http/problem.js';

type CredentialInput = z.output<typeof CredentialCreate>;

export interface AddressedInput {
  readonly address: string;
  readonly scheme: 'http' | 'https' | null;
  /** the credential with the address's path as its scope */
  readonly credential: CredentialInput | undefined;
}

/**
 * Canonical address; a path in it becomes the credential's scope. Refusals say why and what to
 * write. `pointer` is where the request has the address: in its body or in its path.
 */
export function readAddress(
  text: string,
  credential: CredentialInput | undefined,
  pointer: '/address' | 'address',
): AddressedInput {
  const parsed = parseRegistryAddress(text);
  if (!parsed.ok) {
    const { code, suggestion } = parsed.error;
    const detail =
      suggestion === undefined ? parsed.error.detail : `${parsed.error.detail} Try: ${suggestion}`;
    throw new Problem('registry.address-invalid', detail, {
      errors: [{ pointer, code, detail }],
      ...(suggestion === undefined ? {} : { members: { suggestion } }),
    });
  }
  const { address, scheme, path } = parsed.value;
  if (path === null) return { address, scheme, credential };
  if (credential === undefined) {
    throw new Problem(
      'registry.path-without-credential',
      `Use ${address} as the address, and ${path} as the scope of a credential.`,
      {
        members: { address, scope: path },
      },
    );
  }
  const written = parseCredentialScope(credential.scope);
  // Not a scope at all: left as it is, for the credential's own check to say why.
  if (!written.ok) return { address, scheme, credential };
  if (written.value !== '' && written.value !== path) {
    const detail = `The address says ${path}, the credential says something else. Give the scope once.`;
    throw new Problem('credential.invalid', detail, {
      errors: [{ pointer: '/credential/scope', code: 'scope.differs', detail }],
    });
  }
  return { address, scheme, credential: { ...credential, scope: path } };
}

/** The rest of an update; an address in it is refused with its own reason. */
export function refuseAddressChange<T extends { readonly address?: string | undefined }>(
  input: T,
): Omit<T, 'address'> {
  const { address, ...rest } = input;
  if (address === undefined) return rest;
  throw new Problem(
    'registry.address-immutable',
    'Credentials were given for the address as it is. Add a new registry, then delete this one.',
    {
      errors: [
        { pointer: '/address', code: 'registry.address-immutable', detail: 'Never changes' },
      ],
    },
  );
}
