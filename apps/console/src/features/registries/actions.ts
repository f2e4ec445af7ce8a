import type { Credential, Registry } from '@moorage/contract';
import { call } from '../../lib/api';
import type { Input } from '../../lib/operations';

export type RegistryInput = Input<'createRegistry'>['body'];
export type RegistryChange = Input<'updateRegistry'>['body'];
export type CredentialInput = Input<'createCredential'>['body'];
export type CredentialChange = Input<'updateCredential'>['body'];

export const addRegistry = (env: string, body: RegistryInput) =>
  call('createRegistry', { env, body });
export const changeRegistry = (env: string, { id, version }: Registry, body: RegistryChange) =>
  call('updateRegistry', { env, registryId: id, body, ifMatch: version });
export const deleteRegistry = (env: string, { id }: Registry) =>
  call('deleteRegistry', { env, registryId: id });
export const enableRegistry = (env: string, { id }: Registry) =>
  call('enableRegistry', { env, registryId: id });
export const disableRegistry = (env: string, { id }: Registry) =>
  call('disableRegistry', { env, registryId: id });

export const addCredential = (env: string, registryId: string, body: CredentialInput) =>
  call('createCredential', { env, registryId, body });
export const changeCredential = (
  env: string,
  registryId: string,
  { id, version }: Credential,
  body: CredentialChange,
) => call('updateCredential', { env, registryId, credentialId: id, body, ifMatch: version });
export const deleteCredential = (env: string, registryId: string, { id }: Credential) =>
  call('deleteCredential', { env, registryId, credentialId: id });
export const enableCredential = (env: string, registryId: string, { id }: Credential) =>
  call('enableCredential', { env, registryId, credentialId: id });
export const disableCredential = (env: string, registryId: string, { id }: Credential) =>
  call('disableCredential', { env, registryId, credentialId: id });
