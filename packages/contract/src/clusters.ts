import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';

/** Glob over namespace names: literal characters, `*` and `?`. */
export const NamespaceGlob = z.string().regex(/^[a-z0-9*?]([a-z0-9*?-]{0,61}[a-z0-9*?])?$/);

const ClusterName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
const Labels = z.record(z.string().max(317), z.string().max(63));

export const Cluster = z
  .object({
    id: Id,
    name: z.string(),
    simulated: z.boolean(),
    server: z.string(),
    accessKind: z.enum(['token', 'client-certificate', 'simulated']),
    insecureSkipVerify: z.boolean(),
    labels: Labels,
    state: z.enum(['active', 'removing']),
    /** null before the first contact */
    reachable: z.boolean().nullable(),
    lastContactAt: Time.nullable(),
    lastError: z.object({ code: z.string(), detail: z.string() }).nullable(),
    kubernetesVersion: z.string().nullable(),
    targets: z.number().int(),
    createdAt: Time,
    version: z.number().int(),
  })
  .meta({ id: 'Cluster' });
export type Cluster = z.infer<typeof Cluster>;

/** Either a kubeconfig, or server + CA + token. */
export const ClusterCreate = z
  .strictObject({
    name: ClusterName,
    kubeconfig: z.string().max(1_048_576).optional().meta({ description: 'write-only' }),
    context: z.string().max(253).optional(),
    server: z.string().max(2048).optional(),
    caCertificate: z.string().max(262_144).optional(),
    token: z.string().max(65_536).optional().meta({ description: 'write-only' }),
    labels: Labels.default({}),
  })
  .refine(
    (c) => (c.kubeconfig === undefined) !== (c.server === undefined || c.token === undefined),
    {
      message: 'give either kubeconfig, or server and token',
      path: ['kubeconfig'],
    },
  )
  .meta({ id: 'ClusterCreate' });
/** New access replaces the old one whole. */
export const ClusterUpdate = z
  .strictObject({
    kubeconfig: z.string().max(1_048_576).optional().meta({ description: 'write-only' }),
    context: z.string().max(253).optional(),
    server: z.string().max(2048).optional(),
    caCertificate: z.string().max(262_144).optional(),
    token: z.string().max(65_536).optional().meta({ description: 'write-only' }),
    labels: Labels.optional(),
  })
  .meta({ id: 'ClusterUpdate' });

/** What a kubeconfig holds, before anything is saved; never any secret. */
export const KubeconfigInspect = z
  .strictObject({ kubeconfig: z.string().max(1_048_576), context: z.string().max(253).optional() })
  .meta({ id: 'KubeconfigInspect' });
export const KubeconfigInspection = z
  .object({
    ok: z.boolean(),
    contexts: z.array(z.string()),
    context: z.string().nullable(),
    server: z.string().nullable(),
    accessKind: z.enum(['token', 'client-certificate']).nullable(),
    /** why it cannot be used, and what to do: with a ready snippet where there is one */
    problem: z
      .object({ code: z.string(), detail: z.string(), snippet: z.string().nullable() })
      .nullable(),
  })
  .meta({ id: 'KubeconfigInspection' });
export type KubeconfigInspection = z.infer<typeof KubeconfigInspection>;

export const ClusterCheck = z
  .object({
    ok: z.boolean(),
    code: z.string().nullable(),
    detail: z.string().nullable(),
    fix: z.string().nullable(),
    kubernetesVersion: z.string().nullable(),
    durationMs: z.number(),
    checkedAt: Time,
  })
  .meta({ id: 'ClusterCheck' });
export type ClusterCheck = z.infer<typeof ClusterCheck>;

export const ClusterPermissions = z
  .object({
    items: z.array(
      z.object({
        group: z.string(),
        resource: z
          .string()
          .meta({ description: 'begins with / when it is a path and no resource' }),
        verb: z.string(),
        namespace: z.string().nullable(),
        /** which feature needs it */
        feature: z.enum([
          'pull-secret',
          'service-account',
          'namespaces',
          'node-config',
          'image-policy',
          'stopped-images',
        ]),
        /** everything works without it, but less can be said; not counted as missing */
        optional: z.boolean(),
        allowed: z.boolean(),
      }),
    ),
    missing: z.number().int(),
    /** a manifest that gives exactly what is needed */
    manifest: z.string(),
  })
  .meta({ id: 'ClusterPermissions' });
export type ClusterPermissions = z.infer<typeof ClusterPermissions>;

export const ClusterNamespace = z
  .object({ name: z.string(), phase: z.string(), labels: Labels, ignored: z.boolean() })
  .meta({ id: 'ClusterNamespace' });
export const Grant = z
  .object({ environmentId: Id, environmentName: z.string(), namespaces: z.array(z.string()) })
  .meta({ id: 'Grant' });
export const GrantList = z.object({ items: z.array(Grant) }).meta({ id: 'GrantList' });
export const GrantsPut = z
  .array(z.strictObject({ environmentId: Id, namespaces: z.array(NamespaceGlob).min(1).max(100) }))
  .max(1000)
  .meta({ id: 'GrantsPut' });

/** A cluster as an environment sees it: what it may use of it. */
export const GrantedCluster = z
  .object({
    id: Id,
    name: z.string(),
    simulated: z.boolean(),
    reachable: z.boolean().nullable(),
    kubernetesVersion: z.string().nullable(),
    namespaces: z.array(z.string()),
  })
  .meta({ id: 'GrantedCluster' });
export type GrantedCluster = z.infer<typeof GrantedCluster>;

const ONE = '/clusters/:clusterId';
const base = { tag: 'Clusters', access: 'clusters:manage' } as const;

export const clusterEndpoints = {
  listClusters: defineEndpoint({
    ...base,
    id: 'listClusters',
    method: 'GET',
    path: '/clusters',
    status: 200,
    summary: 'List clusters',
    query: listQuery(['name', 'createdAt'], { reachable: z.stringbool().optional() }),
    reply: pageOf(Cluster),
    problems: ['request.invalid'],
  }),
  createCluster: defineEndpoint({
    ...base,
    id: 'createCluster',
    method: 'POST',
    path: '/clusters',
    status: 201,
    summary: 'Connect a cluster; its access is sealed and never shown again',
    body: ClusterCreate,
    reply: Cluster,
    problems: ['request.invalid', 'cluster.kubeconfig-invalid', 'cluster.name-exists'],
  }),
  inspectKubeconfig: defineEndpoint({
    ...base,
    id: 'inspectKubeconfig',
    method: 'POST',
    path: '/clusters/inspect-kubeconfig',
    status: 200,
    summary: 'What a kubeconfig holds and whether it can be used; stores nothing',
    body: KubeconfigInspect,
    reply: KubeconfigInspection,
    problems: ['request.invalid'],
  }),
  getCluster: defineEndpoint({
    ...base,
    id: 'getCluster',
    method: 'GET',
    path: ONE,
    status: 200,
    summary: 'One cluster',
    reply: Cluster,
    problems: ['request.invalid'],
  }),
  updateCluster: defineEndpoint({
    ...base,
    id: 'updateCluster',
    method: 'PATCH',
    path: ONE,
    status: 200,
    summary: 'Change labels or replace the access',
    body: ClusterUpdate,
    reply: Cluster,
    problems: ['request.invalid', 'cluster.kubeconfig-invalid', 'cluster.removing', 'object.stale'],
  }),
  deleteCluster: defineEndpoint({
    ...base,
    id: 'deleteCluster',
    method: 'DELETE',
    path: ONE,
    status: 202,
    summary:
      'Remove a cluster: what is ours in it is cleaned first, also when it comes back later; `forget=true` drops it uncleaned',
    query: z.strictObject({ forget: z.stringbool().optional() }),
    problems: ['request.invalid'],
  }),
  checkCluster: defineEndpoint({
    ...base,
    id: 'checkCluster',
    method: 'POST',
    path: `${ONE}/check`,
    status: 200,
    summary: 'Ask the cluster now',
    reply: ClusterCheck,
    problems: ['request.invalid'],
  }),
  listClusterNamespaces: defineEndpoint({
    ...base,
    id: 'listClusterNamespaces',
    method: 'GET',
    path: `${ONE}/namespaces`,
    status: 200,
    summary: 'Namespaces of the cluster',
    query: listQuery(['name'], {}),
    reply: pageOf(ClusterNamespace),
    problems: ['request.invalid', 'cluster.unreachable'],
  }),
  getClusterPermissions: defineEndpoint({
    ...base,
    id: 'getClusterPermissions',
    method: 'GET',
    path: `${ONE}/permissions`,
    status: 200,
    summary: 'Permissions we have and need, with a ready manifest',
    reply: ClusterPermissions,
    problems: ['request.invalid', 'cluster.unreachable'],
  }),
  listGrants: defineEndpoint({
    ...base,
    id: 'listGrants',
    method: 'GET',
    path: `${ONE}/grants`,
    status: 200,
    summary: 'Which environments may use which namespaces',
    reply: GrantList,
    problems: ['request.invalid'],
  }),
  putGrants: defineEndpoint({
    ...base,
    id: 'putGrants',
    method: 'PUT',
    path: `${ONE}/grants`,
    status: 200,
    summary: 'Replace the grants',
    body: GrantsPut,
    reply: GrantList,
    problems: ['request.invalid'],
  }),
  listGrantedClusters: defineEndpoint({
    id: 'listGrantedClusters',
    tag: 'Clusters',
    access: 'targets:read',
    method: 'GET',
    path: '/environments/:env/clusters',
    status: 200,
    summary: 'Clusters that this environment may use',
    query: listQuery(['name'], {}),
    reply: pageOf(GrantedCluster),
    problems: ['request.invalid'],
  }),
};
