import { z } from 'zod';
import { NamespaceGlob } from './clusters.js';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';

const DnsName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);
/** Two writers would fight over the Secret of that name in `moorage-system`. */
const SecretName = DnsName.refine((name) => name !== 'moorage-node-config', {
  message: 'This name is kept for node config',
});
export const ServiceAccounts = z.union([
  z.enum(['default', 'all', 'none']),
  z.array(DnsName).min(1).max(100),
]);
const NamespaceSelection = z.strictObject({
  include: z.array(NamespaceGlob).min(1).max(200).default(['*']),
  exclude: z.array(NamespaceGlob).max(200).default(['kube-*']),
  matchLabels: z.record(z.string().max(317), z.string().max(63)).default({}),
});
const NodeConfigChoice = z.strictObject({
  enabled: z.boolean().default(false),
  distribution: z.enum(['k3s', 'rke2']).default('k3s'),
});

const Editable = {
  namespaces: NamespaceSelection.optional(),
  serviceAccounts: ServiceAccounts.optional(),
  secretName: SecretName.optional(),
  attach: z.enum(['service-account', 'none']).optional(),
  nodeConfig: NodeConfigChoice.optional(),
};
export const TargetCreate = z
  .strictObject({ clusterId: Id, ...Editable })
  .meta({ id: 'TargetCreate' });
export const TargetUpdate = z.strictObject(Editable).meta({ id: 'TargetUpdate' });

export const TargetStatus = z.object({
  namespaces: z.number().int(),
  inSync: z.number().int(),
  pending: z.number().int(),
  failed: z.number().int(),
  conflicts: z.number().int(),
  lastSyncedAt: Time.nullable(),
  lastError: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export const Target = z
  .object({
    id: Id,
    environmentId: Id,
    clusterId: Id,
    clusterName: z.string(),
    simulated: z.boolean(),
    namespaces: z.object({
      include: z.array(z.string()),
      exclude: z.array(z.string()),
      matchLabels: z.record(z.string(), z.string()),
    }),
    serviceAccounts: ServiceAccounts,
    secretName: z.string(),
    attach: z.enum(['service-account', 'none']),
    nodeConfig: z.object({
      enabled: z.boolean(),
      distribution: z.enum(['k3s', 'rke2']),
      state: z.enum(['in-sync', 'pending', 'failed', 'conflict']).nullable(),
      error: z.string().nullable(),
    }),
    state: z.enum(['active', 'removing']),
    status: TargetStatus,
    createdAt: Time,
    version: z.number().int(),
  })
  .meta({ id: 'Target' });
export type Target = z.infer<typeof Target>;

export const TargetNamespace = z
  .object({
    namespace: z.string(),
    state: z.enum(['in-sync', 'pending', 'failed', 'conflict', 'ignored']),
    code: z.string().nullable(),
    detail: z.string().nullable(),
    conflictChoice: z.enum(['adopt', 'skip']).nullable(),
    changedAt: Time,
  })
  .meta({ id: 'TargetNamespace' });
export type TargetNamespace = z.infer<typeof TargetNamespace>;

/** The exact changes, before any is made. Values are never part of it. */
export const Plan = z
  .object({
    /** the logins the pull secret would hold: key, user name, never the secret */
    entries: z.array(
      z.object({ key: z.string(), address: z.string(), scope: z.string(), username: z.string() }),
    ),
    changes: z.array(
      z.object({
        namespace: z.string(),
        object: z.enum(['secret', 'service-account', 'node-config']),
        name: z.string(),
        action: z.enum(['create', 'update', 'delete', 'attach', 'detach']),
        reason: z.string(),
      }),
    ),
    conflicts: z.array(z.object({ namespace: z.string(), name: z.string(), detail: z.string() })),
    summary: z.object({
      create: z.number().int(),
      update: z.number().int(),
      delete: z.number().int(),
      attach: z.number().int(),
      detach: z.number().int(),
      unchanged: z.number().int(),
      conflicts: z.number().int(),
    }),
    truncated: z
      .boolean()
      .meta({ description: 'more changes than the 1,000 listed; the summary counts all' }),
    warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof Plan>;

export const AdoptInput = z
  .strictObject({ namespace: z.string().max(63), choice: z.enum(['adopt', 'skip', 'undecided']) })
  .meta({ id: 'AdoptInput' });

const ENV = '/environments/:env/targets';
const ONE = `${ENV}/:targetId` as const;
const READ = { tag: 'Targets', access: 'targets:read' } as const;
const WRITE = { tag: 'Targets', access: 'targets:write' } as const;

export const targetEndpoints = {
  listTargets: defineEndpoint({
    ...READ,
    id: 'listTargets',
    method: 'GET',
    path: ENV,
    status: 200,
    summary: 'List targets with status',
    query: listQuery(['createdAt', 'clusterName'], { clusterId: Id.optional() }),
    reply: pageOf(Target),
    problems: ['request.invalid'],
  }),
  createTarget: defineEndpoint({
    ...WRITE,
    id: 'createTarget',
    method: 'POST',
    path: ENV,
    status: 201,
    summary: 'Add a target',
    body: TargetCreate,
    reply: Target,
    problems: [
      'request.invalid',
      'target.not-granted',
      'target.exists',
      'node-config.owned',
      'cluster.removing',
      'environment.removing',
      'policy.would-refuse',
    ],
  }),
  planNewTarget: defineEndpoint({
    ...WRITE,
    id: 'planNewTarget',
    method: 'POST',
    path: `${ENV}/plan`,
    status: 200,
    summary: 'What adding this target would change',
    body: TargetCreate,
    reply: Plan,
    problems: ['request.invalid', 'target.not-granted', 'cluster.unreachable'],
  }),
  getTarget: defineEndpoint({
    ...READ,
    id: 'getTarget',
    method: 'GET',
    path: ONE,
    status: 200,
    summary: 'One target with status',
    reply: Target,
    problems: ['request.invalid'],
  }),
  updateTarget: defineEndpoint({
    ...WRITE,
    id: 'updateTarget',
    method: 'PATCH',
    path: ONE,
    status: 200,
    summary: 'Change a target; never its cluster',
    body: TargetUpdate,
    reply: Target,
    problems: [
      'request.invalid',
      'target.not-granted',
      'target.exists',
      'node-config.owned',
      'object.stale',
      'policy.would-refuse',
    ],
  }),
  deleteTarget: defineEndpoint({
    ...WRITE,
    id: 'deleteTarget',
    method: 'DELETE',
    path: ONE,
    status: 202,
    summary:
      'Remove a target: its Secrets and service-account entries leave the cluster, then the target does',
    problems: ['request.invalid'],
  }),
  planTarget: defineEndpoint({
    ...READ,
    id: 'planTarget',
    method: 'GET',
    path: `${ONE}/plan`,
    status: 200,
    summary: 'What a sync would change now',
    reply: Plan,
    problems: ['request.invalid', 'cluster.unreachable'],
  }),
  syncTarget: defineEndpoint({
    ...WRITE,
    id: 'syncTarget',
    method: 'POST',
    path: `${ONE}/sync`,
    status: 202,
    summary: 'Look at this target now',
    problems: ['request.invalid'],
  }),
  listTargetNamespaces: defineEndpoint({
    ...READ,
    id: 'listTargetNamespaces',
    method: 'GET',
    path: `${ONE}/namespaces`,
    status: 200,
    summary: 'Status per namespace, with reasons',
    query: listQuery(['namespace', 'state', 'changedAt'], {
      state: z.enum(['in-sync', 'pending', 'failed', 'conflict', 'ignored']).optional(),
    }),
    reply: pageOf(TargetNamespace),
    problems: ['request.invalid'],
  }),
  adoptSecret: defineEndpoint({
    ...WRITE,
    id: 'adoptSecret',
    method: 'POST',
    path: `${ONE}/adopt`,
    status: 200,
    summary: 'Decide about a foreign Secret of our name: adopt it or skip the namespace',
    body: AdoptInput,
    reply: TargetNamespace,
    problems: ['request.invalid', 'target.no-conflict'],
  }),
};
