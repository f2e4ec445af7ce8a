import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';

/** Bounded here, checked with reasons by the domain (`packages/core/src/credential-input.ts`). */
const Secret = z.string().max(1_048_576);

export const CredentialCreate = z
  .strictObject({
    kind: z.literal('basic').default('basic'),
    username: z.string().max(1024),
    password: Secret.meta({ description: 'write-only' }),
    scope: z.string().max(255).default(''),
    description: z.string().max(2000).default(''),
    expiresAt: Time.nullable().optional(),
  })
  .meta({ id: 'CredentialCreate' });
export const CredentialUpdate = z
  .strictObject({
    username: z.string().max(1024).optional(),
    password: Secret.optional().meta({ description: 'write-only; absent = unchanged' }),
    description: z.string().max(2000).optional(),
    expiresAt: Time.nullable().optional(),
  })
  .meta({ id: 'CredentialUpdate' });
export const Credential = z
  .object({
    id: Id,
    kind: z.enum(['basic']),
    username: z.string(),
    scope: z.string(),
    state: z.enum(['enabled', 'disabled']),
    effective: z.boolean(),
    /** place in the stack of its scope */
    role: z.enum(['effective', 'next', 'older', 'disabled', 'registry-disabled']),
    sequence: z.number().int(),
    description: z.string(),
    expiresAt: Time.nullable(),
    secretSetAt: Time,
    createdAt: Time,
    createdBy: z.string(),
    version: z.number().int(),
  })
  .meta({ id: 'Credential' });
export type Credential = z.infer<typeof Credential>;

export const EffectiveCredential = z.object({
  id: Id,
  username: z.string(),
  scope: z.string(),
  expiresAt: Time.nullable(),
});

const REGISTRY = '/environments/:env/registries/:registryId';

export const credentialEndpoints = {
  listCredentials: defineEndpoint({
    id: 'listCredentials',
    method: 'GET',
    path: `${REGISTRY}/credentials`,
    tag: 'Credentials',
    access: 'registries:read',
    status: 200,
    summary: 'The stack of credentials, newest first',
    query: listQuery(['sequence'], {}),
    reply: pageOf(Credential),
    problems: ['request.invalid'],
  }),
  createCredential: defineEndpoint({
    id: 'createCredential',
    method: 'POST',
    path: `${REGISTRY}/credentials`,
    tag: 'Credentials',
    access: 'registries:write',
    status: 201,
    summary: 'Add a credential: the last one added wins',
    body: CredentialCreate,
    reply: Credential,
    problems: ['request.invalid', 'credential.invalid'],
  }),
  getCredential: defineEndpoint({
    id: 'getCredential',
    method: 'GET',
    path: `${REGISTRY}/credentials/:credentialId`,
    tag: 'Credentials',
    access: 'registries:read',
    status: 200,
    summary: 'One credential, without its secret',
    reply: Credential,
    problems: ['request.invalid'],
  }),
  updateCredential: defineEndpoint({
    id: 'updateCredential',
    method: 'PATCH',
    path: `${REGISTRY}/credentials/:credentialId`,
    tag: 'Credentials',
    access: 'registries:write',
    status: 200,
    summary: 'Replace parts of a credential; the order never changes',
    body: CredentialUpdate,
    reply: Credential,
    problems: [
      'request.invalid',
      'credential.invalid',
      'credential.secret-required',
      'object.stale',
    ],
  }),
  deleteCredential: defineEndpoint({
    id: 'deleteCredential',
    method: 'DELETE',
    path: `${REGISTRY}/credentials/:credentialId`,
    tag: 'Credentials',
    access: 'registries:write',
    status: 204,
    summary: 'Delete a credential; the next older enabled one serves',
    problems: ['request.invalid', 'object.stale'],
  }),
  enableCredential: defineEndpoint({
    id: 'enableCredential',
    method: 'POST',
    path: `${REGISTRY}/credentials/:credentialId/enable`,
    tag: 'Credentials',
    access: 'registries:write',
    status: 200,
    summary: 'Enable a credential at its old place in the stack',
    reply: Credential,
    problems: ['request.invalid', 'object.stale'],
  }),
  disableCredential: defineEndpoint({
    id: 'disableCredential',
    method: 'POST',
    path: `${REGISTRY}/credentials/:credentialId/disable`,
    tag: 'Credentials',
    access: 'registries:write',
    status: 200,
    summary: 'Disable a credential; the next older enabled one serves',
    reply: Credential,
    problems: ['request.invalid', 'object.stale'],
  }),
};
