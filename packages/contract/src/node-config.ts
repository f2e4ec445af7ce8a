import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, Time } from './page.js';

export const NODE_CONFIG_FORMATS = [
  'k3s-registries.yaml',
  'rke2-registries.yaml',
  'containerd-hosts',
  'crio',
  'docker',
  'kubelet-credential-provider',
  'rancher-cluster',
] as const;

export const NodeConfig = z
  .object({
    files: z.array(z.object({ path: z.string(), mode: z.string(), content: z.string() })),
    notExpressible: z.array(
      z.object({
        code: z.string(),
        detail: z.string(),
        parameters: z.record(z.string(), z.string()),
      }),
    ),
    restart: z.enum(['live', 'containerd', 'k3s']),
    diagnostics: z.array(
      z.object({
        severity: z.enum(['error', 'warning', 'info']),
        code: z.string(),
        path: z.string().nullable(),
        line: z.number().int().nullable(),
        column: z.number().int().nullable(),
        message: z.string(),
        suggestion: z.string().nullable(),
        /** what the sentence names, for one in another language */
        parameters: z.record(z.string(), z.string()),
      }),
    ),
    secrets: z.enum(['masked', 'included']),
  })
  .meta({ id: 'NodeConfig' });
export type NodeConfig = z.infer<typeof NodeConfig>;

/** A mirror as it is being written, for a preview of what nodes would read; half-typed is welcome. */
const DraftMirror = z.strictObject({
  registry: z.string().max(260),
  endpoints: z.array(z.string().max(2048)).max(50),
  rewrites: z
    .array(z.strictObject({ pattern: z.string().max(1000), replacement: z.string().max(1000) }))
    .max(100),
});

export const NodeConfigPreviewQuestion = z
  .strictObject({
    format: z.enum(NODE_CONFIG_FORMATS).default('k3s-registries.yaml'),
    /** all mirrors as they would be, in order; left out = as stored */
    mirrors: z.array(DraftMirror).max(500).optional(),
    /** a registry as it would be: what an unsaved change of delivery, login or TLS would cost */
    registry: z
      .strictObject({
        address: z.string().max(260),
        change: z.enum(['add', 'remove', 'login', 'deliver-nodes', 'deliver-pull-secret']),
      })
      .optional(),
  })
  .meta({ id: 'NodeConfigPreviewQuestion' });
export const NodeConfigPreview = NodeConfig.extend({
  /** what the step from the stored config to this one costs; `restart` is what applies it to a new node */
  cost: z.enum(['none', 'live', 'containerd', 'k3s']),
  /** the same step where the node agent makes it; null for a format that it does not bring */
  costWithAgent: z.enum(['none', 'live', 'containerd', 'k3s']).nullable(),
  changedFiles: z.array(
    z.object({ path: z.string(), change: z.enum(['added', 'changed', 'removed']) }),
  ),
}).meta({ id: 'NodeConfigPreview' });
export type NodeConfigPreview = z.infer<typeof NodeConfigPreview>;

export const NodeConfigImport = z
  .strictObject({
    document: z.string().max(1_048_576),
    distribution: z.enum(['k3s', 'rke2']),
    version: z.string().max(100).optional(),
  })
  .meta({ id: 'NodeConfigImport' });
const ImportAction = z.enum(['add', 'change', 'keep']);
export const NodeConfigImportReport = z
  .object({
    applied: z.boolean().meta({ description: 'false for a dry run' }),
    registries: z.array(
      z.object({
        address: z.string(),
        action: ImportAction,
        changes: z.array(z.string()).meta({ description: 'fields that are set, without values' }),
      }),
    ),
    credentials: z.array(
      z.object({ address: z.string(), username: z.string(), action: z.enum(['add', 'keep']) }),
    ),
    mirrors: z.array(
      z.object({
        registry: z.string(),
        action: ImportAction,
        endpoints: z.array(z.string()),
        rewrites: z.array(z.object({ pattern: z.string(), replacement: z.string() })),
      }),
    ),
    /** what the file says and Moorage does not keep: comments, unknown keys, files on the node … */
    notImported: z.array(
      z.object({
        code: z.string(),
        path: z.string(),
        line: z.number().int(),
        column: z.number().int(),
        detail: z.string(),
        parameters: z.record(z.string(), z.string()),
      }),
    ),
    /** the checker's findings about the document */
    diagnostics: NodeConfig.shape.diagnostics,
  })
  .meta({ id: 'NodeConfigImportReport' });
export type NodeConfigImportReport = z.infer<typeof NodeConfigImportReport>;

export const NodeConfigLinkCreate = z
  .strictObject({
    clusterId: Id.optional(),
    format: z.enum(NODE_CONFIG_FORMATS).default('k3s-registries.yaml'),
    expiresInSeconds: z.number().int().min(60).max(3600).default(600),
  })
  .meta({ id: 'NodeConfigLinkCreate' });
export const NodeConfigLink = z
  .object({
    url: z.string().meta({ description: 'works once; answers an install script with the files' }),
    expiresAt: Time,
    command: z.string().meta({ description: 'what to run on a node, as root' }),
  })
  .meta({ id: 'NodeConfigLink' });
export type NodeConfigLink = z.infer<typeof NodeConfigLink>;

const NODE_CONFIG = '/environments/:env/node-config';

export const nodeConfigEndpoints = {
  previewNodeConfig: defineEndpoint({
    id: 'previewNodeConfig',
    method: 'POST',
    path: `${NODE_CONFIG}/preview`,
    tag: 'Node config',
    access: 'registries:read',
    status: 200,
    summary:
      'What nodes would read after a change, and what the change costs them. Changes nothing',
    body: NodeConfigPreviewQuestion,
    reply: NodeConfigPreview,
    problems: ['request.invalid', 'request.too-complex', 'server.busy'],
  }),
  importNodeConfig: defineEndpoint({
    id: 'importNodeConfig',
    method: 'POST',
    path: `${NODE_CONFIG}/import`,
    tag: 'Node config',
    access: 'registries:write',
    status: 200,
    summary: 'Registries, credentials and mirrors out of a registries.yaml',
    query: z.strictObject({
      dryRun: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
    }),
    body: NodeConfigImport,
    reply: NodeConfigImportReport,
    problems: [
      'request.invalid',
      'request.too-complex',
      'node-config.not-loadable',
      'environment.removing',
      'server.busy',
    ],
  }),
  createNodeConfigLink: defineEndpoint({
    id: 'createNodeConfigLink',
    method: 'POST',
    path: `${NODE_CONFIG}/links`,
    tag: 'Node config',
    access: 'node-config:secrets',
    status: 201,
    summary: 'A link that gives the node config with its secrets, once',
    body: NodeConfigLinkCreate,
    reply: NodeConfigLink,
    secretReply: true,
    problems: ['request.invalid', 'environment.removing'],
  }),
  openNodeConfigLink: defineEndpoint({
    id: 'openNodeConfigLink',
    method: 'GET',
    path: '/node-config/links/:token',
    tag: 'Node config',
    access: 'public',
    status: 200,
    summary:
      'The node config of a link, with its secrets: an install script, or JSON. Works once; afterwards, when expired and when made up the answer is the same',
    query: z.strictObject({ as: z.enum(['script', 'json']).default('script') }),
    media: { 'text/x-shellscript': z.string(), 'application/json': NodeConfig },
    problems: ['node-config.link-gone', 'request.method-not-allowed'],
  }),
  getNodeConfig: defineEndpoint({
    id: 'getNodeConfig',
    method: 'GET',
    path: '/environments/:env/node-config',
    tag: 'Node config',
    access: 'registries:read',
    status: 200,
    summary: 'What nodes read. Secrets are masked, unless an API key with node-config:secrets asks',
    query: z.strictObject({
      format: z.enum(NODE_CONFIG_FORMATS).default('k3s-registries.yaml'),
      clusterId: Id.optional(),
    }),
    reply: NodeConfig,
    problems: ['request.invalid'],
  }),
};
