import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id } from './page.js';

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
    notExpressible: z.array(z.object({ code: z.string(), detail: z.string() })),
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
      }),
    ),
    secrets: z.enum(['masked', 'included']),
  })
  .meta({ id: 'NodeConfig' });
export type NodeConfig = z.infer<typeof NodeConfig>;

export const nodeConfigEndpoints = {
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
