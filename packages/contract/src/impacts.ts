/** Who is affected by disabling or deleting a registry or a credential, asked before it is done. */
import { z } from 'zod';
import { EffectiveCredential } from './credentials.js';
import { defineEndpoint } from './endpoint.js';
import { Id } from './page.js';

export const Impact = z
  .object({
    action: z.enum(['disable', 'delete']),
    /** logins that leave the clusters, and what is used in their place */
    changes: z.array(
      z.object({
        address: z.string(),
        scope: z.string(),
        before: EffectiveCredential,
        after: EffectiveCredential.nullable(),
      }),
    ),
    targets: z.array(
      z.object({
        targetId: Id,
        clusterId: Id,
        clusterName: z.string(),
        namespaces: z.number().int(),
      }),
    ),
    mirrors: z.array(z.object({ id: Id, registry: z.string() })),
  })
  .meta({ id: 'Impact' });
export type Impact = z.infer<typeof Impact>;
const ImpactQuery = z.strictObject({ action: z.enum(['disable', 'delete']) });

const REGISTRY = '/environments/:env/registries/:registryId';

export const impactEndpoints = {
  getRegistryImpact: defineEndpoint({
    id: 'getRegistryImpact',
    method: 'GET',
    path: `${REGISTRY}/impact`,
    tag: 'Registries',
    access: 'registries:read',
    status: 200,
    summary: 'Who is affected by disabling or deleting it',
    query: ImpactQuery,
    reply: Impact,
    problems: ['request.invalid'],
  }),
  getCredentialImpact: defineEndpoint({
    id: 'getCredentialImpact',
    method: 'GET',
    path: `${REGISTRY}/credentials/:credentialId/impact`,
    tag: 'Credentials',
    access: 'registries:read',
    status: 200,
    summary: 'Who is affected by disabling or deleting it',
    query: ImpactQuery,
    reply: Impact,
    problems: ['request.invalid'],
  }),
};
