import { providers } from '@moorage/core';
import { z } from 'zod';
import { CredentialCreate, EffectiveCredential } from './credentials.js';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';

export const PROVIDERS = providers;
export const DELIVER = ['both', 'pull-secret', 'nodes'] as const;

/** PEM bundles: a CA bundle of a company rarely passes 64 KiB; a Secret holds 1 MiB in all. */
const Pem = z.string().max(262_144);
export const ConnectionInput = z
  .strictObject({
    scheme: z.enum(['https', 'http']).optional(),
    caCertificate: Pem.nullable().optional(),
    insecureSkipVerify: z.boolean().optional(),
    clientCertificate: Pem.nullable().optional(),
    clientKey: Pem.nullable().optional().meta({ description: 'write-only' }),
  })
  .meta({ id: 'ConnectionInput' });
export const Connection = z
  .object({
    scheme: z.enum(['https', 'http']),
    caCertificate: z.string().nullable(),
    insecureSkipVerify: z.boolean(),
    clientCertificate: z.string().nullable(),
    hasClientKey: z.boolean(),
  })
  .meta({ id: 'Connection' });

/** How far the registry's login has arrived: namespaces over all targets of the environment. */
export const Reach = z.object({
  namespaces: z.number().int(),
  inSync: z.number().int(),
  failed: z.number().int(),
});

export const Registry = z
  .object({
    id: Id,
    address: z.string(),
    provider: z.enum(PROVIDERS),
    name: z.string(),
    description: z.string(),
    state: z.enum(['enabled', 'disabled']),
    deliver: z.enum(DELIVER),
    connection: Connection,
    credentialCount: z.number().int(),
    effectiveCredentials: z.array(EffectiveCredential),
    reach: Reach,
    /** null until it was verified once */
    verification: z
      .object({ ok: z.boolean(), code: z.string().nullable(), checkedAt: Time })
      .nullable(),
    createdAt: Time,
    updatedAt: Time,
    version: z.number().int(),
  })
  .meta({ id: 'Registry' });
export type Registry = z.infer<typeof Registry>;

const RegistryFields = {
  provider: z.enum(PROVIDERS).optional(),
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(2000).optional(),
  connection: ConnectionInput.optional(),
  deliver: z.enum(DELIVER).optional(),
};
export const RegistryCreate = z
  .strictObject({
    address: z.string().max(2048),
    ...RegistryFields,
    credential: CredentialCreate.optional(),
  })
  .meta({ id: 'RegistryCreate' });
export const RegistryUpsert = z
  .strictObject({ ...RegistryFields, credential: CredentialCreate.optional() })
  .meta({ id: 'RegistryUpsert' });
/** `address` is accepted by the schema only to be refused with its own problem. */
export const RegistryUpdate = z
  .strictObject({ ...RegistryFields, address: z.string().optional() })
  .meta({ id: 'RegistryUpdate' });

const ENV = '/environments/:env/registries';
const WRITE = ['request.invalid', 'registry.connection-invalid', 'object.stale'] as const;

export const registryEndpoints = {
  listRegistries: defineEndpoint({
    id: 'listRegistries',
    method: 'GET',
    path: ENV,
    tag: 'Registries',
    access: 'registries:read',
    status: 200,
    summary: 'List registries with status',
    query: listQuery(['name', 'address', 'createdAt', 'updatedAt'], {
      state: z.enum(['enabled', 'disabled']).optional(),
      provider: z.enum(PROVIDERS).optional(),
      attention: z.stringbool().optional(),
    }),
    reply: pageOf(Registry),
    problems: ['request.invalid'],
  }),
  createRegistry: defineEndpoint({
    id: 'createRegistry',
    method: 'POST',
    path: ENV,
    tag: 'Registries',
    access: 'registries:write',
    status: 201,
    summary: 'Add a registry, with its first credential if given',
    body: RegistryCreate,
    reply: Registry,
    problems: [
      'request.invalid',
      'registry.address-invalid',
      'registry.address-exists',
      'registry.path-without-credential',
      'registry.connection-invalid',
      'credential.invalid',
      'environment.removing',
    ],
  }),
  upsertRegistry: defineEndpoint({
    id: 'upsertRegistry',
    method: 'PUT',
    path: `${ENV}/by-address/:address`,
    tag: 'Registries',
    access: 'registries:write',
    status: 200,
    summary:
      'Make it so: adds what is missing, a credential only when it differs from the newest of its scope; enables nothing',
    body: RegistryUpsert,
    reply: Registry,
    problems: [
      ...WRITE,
      'registry.address-invalid',
      'registry.path-without-credential',
      'credential.invalid',
      'environment.removing',
    ],
  }),
  getRegistry: defineEndpoint({
    id: 'getRegistry',
    method: 'GET',
    path: `${ENV}/:registryId`,
    tag: 'Registries',
    access: 'registries:read',
    status: 200,
    summary: 'One registry',
    reply: Registry,
    problems: ['request.invalid'],
  }),
  updateRegistry: defineEndpoint({
    id: 'updateRegistry',
    method: 'PATCH',
    path: `${ENV}/:registryId`,
    tag: 'Registries',
    access: 'registries:write',
    status: 200,
    summary: 'Change a registry; never its address',
    body: RegistryUpdate,
    reply: Registry,
    problems: [...WRITE, 'registry.address-immutable'],
  }),
  deleteRegistry: defineEndpoint({
    id: 'deleteRegistry',
    method: 'DELETE',
    path: `${ENV}/:registryId`,
    tag: 'Registries',
    access: 'registries:write',
    status: 204,
    summary: 'Delete a registry with its credentials; it leaves every cluster',
    problems: ['request.invalid', 'object.stale'],
  }),
  enableRegistry: defineEndpoint({
    id: 'enableRegistry',
    method: 'POST',
    path: `${ENV}/:registryId/enable`,
    tag: 'Registries',
    access: 'registries:write',
    status: 200,
    summary: 'Enable a registry',
    reply: Registry,
    problems: ['request.invalid', 'object.stale'],
  }),
  disableRegistry: defineEndpoint({
    id: 'disableRegistry',
    method: 'POST',
    path: `${ENV}/:registryId/disable`,
    tag: 'Registries',
    access: 'registries:write',
    status: 200,
    summary: 'Disable a registry: everything is kept, it leaves every cluster',
    reply: Registry,
    problems: ['request.invalid', 'object.stale'],
  }),
};
