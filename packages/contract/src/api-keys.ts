import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';
import { PERMISSIONS } from './permissions.js';

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    permissions: z.array(z.enum(PERMISSIONS)),
    environmentId: Id.nullable(),
    expiresAt: Time.nullable(),
    lastUsedAt: Time.nullable(),
    createdAt: Time,
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyCreated = z
  .object({ ...ApiKey.shape, key: z.string().meta({ description: 'mrg_…, shown this once' }) })
  .meta({ id: 'ApiKeyCreated' });

export const ApiKeyCreate = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    permissions: z.array(z.enum(PERMISSIONS)).min(1),
    environmentId: Id.optional(),
    expiresAt: Time.optional(),
  })
  .meta({ id: 'ApiKeyCreate' });

export const apiKeyEndpoints = {
  listApiKeys: defineEndpoint({
    id: 'listApiKeys',
    method: 'GET',
    path: '/api-keys',
    tag: 'API keys',
    access: 'signed-in',
    status: 200,
    summary: 'List my API keys',
    query: listQuery(['name', 'createdAt', 'lastUsedAt'], {}),
    reply: pageOf(ApiKey),
    problems: ['request.invalid'],
  }),
  createApiKey: defineEndpoint({
    id: 'createApiKey',
    method: 'POST',
    path: '/api-keys',
    tag: 'API keys',
    access: 'signed-in',
    status: 201,
    summary: 'Make an API key; the key itself is in this reply only',
    body: ApiKeyCreate,
    reply: ApiKeyCreated,
    secretReply: true,
    problems: ['request.invalid', 'api-key.permission-too-wide'],
  }),
  deleteApiKey: defineEndpoint({
    id: 'deleteApiKey',
    method: 'DELETE',
    path: '/api-keys/:keyId',
    tag: 'API keys',
    access: 'signed-in',
    status: 204,
    summary: 'Revoke one of my API keys, at once',
    problems: ['request.invalid'],
  }),
};
