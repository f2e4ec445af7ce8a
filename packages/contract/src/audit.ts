import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';

export const AuditEntry = z
  .object({
    id: z.number().int(),
    at: Time,
    environmentId: Id.nullable(),
    actor: z.object({
      kind: z.enum(['user', 'api-key', 'system']),
      id: Id.nullable(),
      name: z.string(),
    }),
    action: z.string().meta({ description: 'noun.verb, e.g. credential.create' }),
    object: z.object({ kind: z.string(), id: Id.nullable(), name: z.string() }),
    /** field → before and after; secrets only as "changed" */
    changes: z.record(z.string(), z.object({ before: z.unknown(), after: z.unknown() })),
    requestId: z.string().nullable(),
    address: z.string().nullable(),
    /** hex; null until the chain has reached it */
    hash: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

const query = listQuery(['at'], {
  action: z.string().max(100).optional(),
  actorId: Id.optional(),
  objectId: Id.optional(),
});
export const auditEndpoints = {
  listAudit: defineEndpoint({
    id: 'listAudit',
    method: 'GET',
    path: '/environments/:env/audit',
    tag: 'Audit',
    access: 'audit:read',
    status: 200,
    summary: 'Who changed what in this environment, newest first',
    query,
    reply: pageOf(AuditEntry),
    problems: ['request.invalid'],
  }),
  listInstallationAudit: defineEndpoint({
    id: 'listInstallationAudit',
    method: 'GET',
    path: '/audit',
    tag: 'Audit',
    access: 'installation-audit:read',
    status: 200,
    summary: 'Who changed what anywhere, newest first',
    query,
    reply: pageOf(AuditEntry),
    problems: ['request.invalid'],
  }),
};
