import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, Time } from './page.js';

export const NodeStatus = z
  .object({
    clusterId: Id,
    clusterName: z.string(),
    simulated: z.boolean(),
    node: z.string(),
    state: z
      .enum(['in-sync', 'pending', 'drift', 'restart-needed', 'restarting', 'failed', 'no-report'])
      .meta({
        description:
          'pending: the agent has not applied the newest config yet; drift: edited by hand on the node; no-report: no agent has reported from this node',
      }),
    distribution: z.string().nullable(),
    /** of k3s, rke2 or containerd, as the node says */
    version: z.string().nullable(),
    agentVersion: z.string().nullable(),
    desiredHash: z.string().nullable(),
    appliedHash: z.string().nullable(),
    restart: z.enum(['none', 'live', 'containerd', 'k3s']),
    drift: z.array(z.object({ path: z.string(), change: z.enum(['changed', 'removed', 'added']) })),
    lastError: z.object({ code: z.string(), detail: z.string() }).nullable(),
    reportedAt: Time.nullable(),
  })
  .meta({ id: 'NodeStatus' });
export type NodeStatus = z.infer<typeof NodeStatus>;
export const NodeStatusList = z
  .object({
    items: z.array(NodeStatus),
    clusters: z.array(
      z.object({
        clusterId: Id,
        clusterName: z.string(),
        simulated: z.boolean(),
        state: z.enum(['read', 'forbidden', 'unreachable']),
        detail: z.string().nullable(),
        nodes: z.number().int(),
        reporting: z.number().int(),
        inSync: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'NodeStatusList' });
export type NodeStatusList = z.infer<typeof NodeStatusList>;

export const NodeAgent = z
  .object({
    manifest: z.string().meta({ description: 'YAML for kubectl apply -f -' }),
    image: z.string(),
  })
  .meta({ id: 'NodeAgent' });
export type NodeAgent = z.infer<typeof NodeAgent>;

const NODE_CONFIG = '/environments/:env/node-config';

export const nodeEndpoints = {
  listNodes: defineEndpoint({
    id: 'listNodes',
    method: 'GET',
    path: `${NODE_CONFIG}/nodes`,
    tag: 'Node config',
    access: 'targets:read',
    status: 200,
    summary: 'How the node config stands on every node, as the agents report',
    query: z.strictObject({ clusterId: Id.optional() }),
    reply: NodeStatusList,
    problems: ['request.invalid'],
  }),
  getNodeAgent: defineEndpoint({
    id: 'getNodeAgent',
    method: 'GET',
    path: `${NODE_CONFIG}/agent`,
    tag: 'Node config',
    access: 'targets:read',
    status: 200,
    summary: 'The manifest of the agent that brings the node config onto the nodes',
    query: z.strictObject({
      image: z.string().max(1000).optional(),
      distribution: z.enum(['k3s', 'rke2', 'containerd']).default('k3s'),
      /** whether the agent may restart what reads the files; without, it says that a restart is needed */
      restart: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
    }),
    reply: NodeAgent,
    problems: ['request.invalid'],
  }),
};
