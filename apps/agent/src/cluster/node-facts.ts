/** What the API server knows of this agent's own node. */
import type { AgentDistribution } from '@moorage/core';
import { type KubeObject, resourcePath } from '@moorage/kube';
import { z } from 'zod';
import type { ApiConnection } from './api-connection.js';

const Node = z.object({
  metadata: z.object({ uid: z.string() }),
  status: z
    .object({
      nodeInfo: z
        .object({ kubeletVersion: z.string(), containerRuntimeVersion: z.string() })
        .optional(),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            lastHeartbeatTime: z.string().nullish(),
          }),
        )
        .default([]),
    })
    .default({ conditions: [] }),
});

export interface NodeIdentity {
  readonly uid: string;
  readonly distributionVersion: string | null;
  readonly runtimeVersion: string | null;
}

export interface NodeReadiness {
  readonly ready: boolean;
  readonly heartbeatAt: number;
}

export class NodeFacts {
  constructor(
    private readonly api: ApiConnection,
    private readonly node: string,
    private readonly distribution: AgentDistribution,
  ) {}

  async readIdentity(): Promise<NodeIdentity> {
    const { metadata, status } = await this.#read();
    const runtime = status.nodeInfo?.containerRuntimeVersion.slice(0, 128) ?? null;
    const kubelet = status.nodeInfo?.kubeletVersion.slice(0, 128) ?? null;
    const isPlain = this.distribution === 'containerd';
    return {
      uid: metadata.uid,
      runtimeVersion: runtime,
      // K3s and RKE2 give the kubelet their own version, `v1.31.4+k3s1`.
      distributionVersion: isPlain ? (runtime?.replace(/^containerd:\/\//, '') ?? null) : kubelet,
    };
  }

  async readReadiness(): Promise<NodeReadiness> {
    const { status } = await this.#read();
    const condition = status.conditions.find(({ type }) => type === 'Ready');
    // Whole seconds on the wire: the beat may be up to one later than it says.
    const heartbeatAt = Date.parse(condition?.lastHeartbeatTime ?? '') + 999;
    return {
      ready: condition?.status === 'True',
      heartbeatAt: Number.isNaN(heartbeatAt) ? 0 : heartbeatAt,
    };
  }

  async #read() {
    const path = resourcePath.of('v1', 'nodes', undefined, this.node);
    return Node.parse(await this.api.client.get<KubeObject>(path));
  }
}
