import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';
import { MEMBER_ROLES } from './permissions.js';

/** a DNS label that starts with a letter; it becomes part of object names in clusters */
export const EnvironmentName = z.string().regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);

export const Environment = z
  .object({
    id: Id,
    name: z.string(),
    displayName: z.string(),
    description: z.string(),
    simulated: z.boolean().meta({ description: 'part of the built-in sandbox' }),
    state: z.enum(['active', 'removing']),
    createdAt: Time,
    version: z.number().int(),
  })
  .meta({ id: 'Environment' });
export type Environment = z.infer<typeof Environment>;

export const EnvironmentCreate = z
  .strictObject({
    name: EnvironmentName.optional(),
    displayName: z.string().trim().min(1).max(200),
    description: z.string().max(2000).default(''),
  })
  .meta({ id: 'EnvironmentCreate' });
export const EnvironmentUpdate = z
  .strictObject({
    displayName: z.string().trim().min(1).max(200).optional(),
    description: z.string().max(2000).optional(),
  })
  .meta({ id: 'EnvironmentUpdate' });

export const Member = z
  .object({
    userId: Id,
    username: z.string(),
    displayName: z.string(),
    role: z.enum(MEMBER_ROLES),
    createdAt: Time,
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;
export const MemberPut = z.strictObject({ role: z.enum(MEMBER_ROLES) }).meta({ id: 'MemberPut' });

/** What the overview shows, counted in one query. */
export const EnvironmentSummary = z
  .object({
    registries: z.object({
      total: z.number().int(),
      disabled: z.number().int(),
      withoutCredential: z.number().int(),
    }),
    credentials: z.object({
      total: z.number().int(),
      expiringSoon: z.number().int(),
      expired: z.number().int(),
    }),
    clusters: z.object({ total: z.number().int(), unreachable: z.number().int() }),
    targets: z.object({ total: z.number().int(), failing: z.number().int() }),
    namespaces: z.object({
      total: z.number().int(),
      inSync: z.number().int(),
      pending: z.number().int(),
      failed: z.number().int(),
      conflicts: z.number().int(),
    }),
  })
  .meta({ id: 'EnvironmentSummary' });
export type EnvironmentSummary = z.infer<typeof EnvironmentSummary>;

export const environmentEndpoints = {
  listEnvironments: defineEndpoint({
    id: 'listEnvironments',
    method: 'GET',
    path: '/environments',
    tag: 'Environments',
    access: 'signed-in',
    status: 200,
    summary: 'List the environments that I may see',
    query: listQuery(['name', 'displayName', 'createdAt'], {}),
    reply: pageOf(Environment),
    problems: ['request.invalid'],
  }),
  createEnvironment: defineEndpoint({
    id: 'createEnvironment',
    method: 'POST',
    path: '/environments',
    tag: 'Environments',
    access: 'environments:manage',
    status: 201,
    summary: 'Add an environment',
    body: EnvironmentCreate,
    reply: Environment,
    problems: ['request.invalid', 'environment.name-exists'],
  }),
  getEnvironment: defineEndpoint({
    id: 'getEnvironment',
    method: 'GET',
    path: '/environments/:env',
    tag: 'Environments',
    access: 'environment:read',
    status: 200,
    summary: 'One environment',
    reply: Environment,
    problems: [],
  }),
  getEnvironmentSummary: defineEndpoint({
    id: 'getEnvironmentSummary',
    method: 'GET',
    path: '/environments/:env/summary',
    tag: 'Environments',
    access: 'environment:read',
    status: 200,
    summary: 'Counts for the overview',
    reply: EnvironmentSummary,
    problems: [],
  }),
  updateEnvironment: defineEndpoint({
    id: 'updateEnvironment',
    method: 'PATCH',
    path: '/environments/:env',
    tag: 'Environments',
    access: 'environments:manage',
    status: 200,
    summary: 'Change display name or description; the name never changes',
    body: EnvironmentUpdate,
    reply: Environment,
    problems: ['request.invalid', 'object.stale'],
  }),
  deleteEnvironment: defineEndpoint({
    id: 'deleteEnvironment',
    method: 'DELETE',
    path: '/environments/:env',
    tag: 'Environments',
    access: 'environments:manage',
    status: 202,
    summary: 'Remove an environment: its clusters are cleaned first',
    problems: ['environment.default-stays'],
  }),
  listMembers: defineEndpoint({
    id: 'listMembers',
    method: 'GET',
    path: '/environments/:env/members',
    tag: 'Members',
    access: 'environment:read',
    status: 200,
    summary: 'List members',
    query: listQuery(['username', 'role', 'createdAt'], {}),
    reply: pageOf(Member),
    problems: ['request.invalid'],
  }),
  putMember: defineEndpoint({
    id: 'putMember',
    method: 'PUT',
    path: '/environments/:env/members/:userId',
    tag: 'Members',
    access: 'members:manage',
    status: 200,
    summary: 'Give a user a role here; {userId} takes an id or a user name',
    params: { userId: z.string().min(1).max(64) },
    body: MemberPut,
    reply: Member,
    problems: ['request.invalid', 'member.last-owner'],
  }),
  deleteMember: defineEndpoint({
    id: 'deleteMember',
    method: 'DELETE',
    path: '/environments/:env/members/:userId',
    tag: 'Members',
    access: 'members:manage',
    status: 204,
    summary: 'Take a user out of this environment; {userId} takes an id or a user name',
    params: { userId: z.string().min(1).max(64) },
    problems: ['request.invalid', 'member.last-owner'],
  }),
};
