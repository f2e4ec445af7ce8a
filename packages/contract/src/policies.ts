/**
 * The image policy of an environment: what counts, where it is in force, what it would refuse and
 * what it refused. The settings themselves are in settings.ts.
 */
import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, Time } from './page.js';

/** One image of one workload that a policy would refuse. */
export const PolicyRefusal = z.object({
  environmentId: Id,
  environmentName: z.string(),
  clusterId: Id,
  clusterName: z.string(),
  namespace: z.string(),
  workload: z.object({ kind: z.string(), name: z.string() }),
  image: z.string(),
  /** identity of the registry; null when the name cannot be read */
  registry: z.string().nullable(),
  reason: z.string(),
  /** the policy that holds now refuses it as well */
  refusedAlready: z.boolean(),
});
export type PolicyRefusal = z.infer<typeof PolicyRefusal>;

/** What runs now, judged by what a setting would make of the policy. Nothing is changed by asking. */
export const PolicyImpact = z
  .object({
    name: z.string(),
    value: z.string().nullable().meta({ description: 'as it would be stored; null = inherited' }),
    mode: z.enum(['enforce', 'warn', 'off']).meta({
      description: 'the strongest mode among the environments that it reaches',
    }),
    complete: z.boolean().meta({ description: 'false when a cluster could not be read' }),
    workloads: z.number().int(),
    images: z.number().int().meta({ description: 'different image names among them' }),
    refusedWorkloads: z.number().int(),
    newlyRefused: z.number().int().meta({ description: 'refusals that do not exist today' }),
    refusals: z.array(PolicyRefusal).max(1000).meta({ description: 'new ones first' }),
    truncated: z.boolean(),
    clusters: z.array(
      z.object({
        clusterId: Id,
        clusterName: z.string(),
        simulated: z.boolean(),
        state: z.enum(['read', 'unreachable', 'forbidden']),
        detail: z.string().nullable(),
        namespaces: z.number().int(),
        workloads: z.number().int(),
        refusals: z.number().int(),
      }),
    ),
    /** lock-outs: system namespaces, images that nodes need themselves, registries of mirrors … */
    warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'PolicyImpact' });
export type PolicyImpact = z.infer<typeof PolicyImpact>;

/** How one half of a policy stands in one cluster. */
const InForce = z.object({
  state: z
    .enum([
      'off',
      'in-force',
      'warns',
      'pending',
      'not-proven',
      'failed',
      'conflict',
      'unavailable',
      'unreachable',
    ])
    .meta({
      description:
        'in-force and warns only after a dry run in the cluster has proven it; not-proven: written, but no dry run could tell; conflict: an object of that name is not ours; unavailable: this cluster does not serve what it needs',
    }),
  /** stable reason of the state, `policy.…`; null when there is nothing to say */
  code: z.string().nullable(),
  detail: z.string().nullable(),
  provenAt: Time.nullable(),
});

export const ImagePolicy = z
  .object({
    whitelist: z.array(z.string()).nullable().meta({ description: 'null = off' }),
    defaultRegistry: z.string().nullable(),
    mode: z.enum(['enforce', 'warn', 'off']),
    defaultRegistryAt: z.enum(['workload', 'pod']),
    entries: z.array(
      z.object({
        entry: z.string(),
        note: z.string(),
        from: z.enum(['environment', 'installation', 'default-registry']),
        overruled: z.string().nullable().meta({ description: 'why it does not count, or null' }),
      }),
    ),
    overruled: z.array(z.object({ setting: z.string(), value: z.string(), detail: z.string() })),
    conflict: z.object({ code: z.string(), detail: z.string() }).nullable(),
    clusters: z.array(
      z.object({
        clusterId: Id,
        clusterName: z.string(),
        simulated: z.boolean(),
        kubernetesVersion: z.string().nullable(),
        whitelist: InForce,
        defaultRegistry: InForce,
      }),
    ),
  })
  .meta({ id: 'ImagePolicy' });
export type ImagePolicy = z.infer<typeof ImagePolicy>;

/** Something that was stopped, as far as the cluster tells. */
export const StoppedImage = z.object({
  clusterId: Id,
  clusterName: z.string(),
  namespace: z.string(),
  workload: z.object({ kind: z.string(), name: z.string() }),
  image: z.string().nullable(),
  message: z.string(),
  count: z.number().int(),
  firstSeenAt: Time,
  lastSeenAt: Time,
});
export type StoppedImage = z.infer<typeof StoppedImage>;
export const StoppedImages = z
  .object({
    items: z.array(StoppedImage),
    truncated: z.boolean(),
    /** what each cluster offers, and what it does not */
    sources: z.array(
      z.object({
        clusterId: Id,
        clusterName: z.string(),
        simulated: z.boolean(),
        events: z.object({
          state: z.enum(['read', 'forbidden', 'unreachable']),
          detail: z.string().nullable(),
        }),
        metrics: z.object({
          state: z.enum(['read', 'forbidden', 'unavailable', 'unreachable']),
          detail: z.string().nullable(),
          /** requests that the policy refused or warned about since that API server started */
          refused: z.number().int().nullable(),
          warned: z.number().int().nullable(),
        }),
      }),
    ),
  })
  .meta({ id: 'StoppedImages' });
export type StoppedImages = z.infer<typeof StoppedImages>;

export const POLICY_ENGINES = ['kubernetes', 'kyverno', 'gatekeeper'] as const;
export const PolicyExport = z
  .object({
    engine: z.enum(POLICY_ENGINES),
    files: z.array(z.object({ path: z.string(), content: z.string() })),
    notExpressible: z.array(z.object({ code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'PolicyExport' });
export type PolicyExport = z.infer<typeof PolicyExport>;

const POLICY = '/environments/:env/policy';
const READ = { method: 'GET', tag: 'Image policy', access: 'settings:read', status: 200 } as const;

export const policyEndpoints = {
  getPolicy: defineEndpoint({
    ...READ,
    id: 'getPolicy',
    path: POLICY,
    summary: 'What counts in this environment, and in which clusters it is in force',
    reply: ImagePolicy,
    problems: ['request.invalid'],
  }),
  listStoppedImages: defineEndpoint({
    ...READ,
    id: 'listStoppedImages',
    path: `${POLICY}/stopped-images`,
    summary: 'What the policy stopped, read from the clusters now',
    query: z.strictObject({ clusterId: Id.optional() }),
    reply: StoppedImages,
    problems: ['request.invalid'],
  }),
  exportPolicy: defineEndpoint({
    ...READ,
    id: 'exportPolicy',
    path: `${POLICY}/export`,
    summary: 'The policy as objects for a cluster that Moorage does not write them to',
    query: z.strictObject({ engine: z.enum(POLICY_ENGINES).default('kubernetes'), clusterId: Id }),
    reply: PolicyExport,
    problems: ['request.invalid', 'policy.conflict'],
  }),
};
