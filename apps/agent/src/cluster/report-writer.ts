/**
 * Writes the node's report when something in it has changed, and now and then as a sign of life. A
 * report that could not be written is written at the next look.
 */
import {
  agentMarks,
  agentPlace,
  encodeNodeReport,
  type NodeReport,
  nodeReportKey,
  nodeReportName,
} from '@moorage/core';
import { type ConfigMapObject, isKubeError, resourcePath } from '@moorage/kube';
import { AgentProblem } from '../agent-problem.js';
import type { ApiConnection } from './api-connection.js';

/** Often enough to see within minutes that an agent is gone; 1,000 nodes make fewer than two a second. */
const heartbeatMs = 10 * 60_000;

export type UntimedReport = Omit<NodeReport, 'reportedAt'>;

export interface ReportContext {
  /** Whose config it is. */
  readonly labels: Readonly<Record<string, string>>;
  /** Lets the report go with its node; null while the node is not known. */
  readonly nodeUid: string | null;
}

export class ReportWriter {
  #written = '';
  #writtenAt = Number.NEGATIVE_INFINITY;
  #wish: string | null = null;

  constructor(
    private readonly api: ApiConnection,
    private readonly node: string,
    private readonly now: () => number,
  ) {}

  /** What a person wrote on the report: their wish to write over hand edits. */
  get wish(): string | null {
    return this.#wish;
  }

  async readWish(): Promise<void> {
    const name = this.#name();
    const path = resourcePath.configMap(agentPlace.namespace, name);
    try {
      this.#noteWish(await this.api.client.get<ConfigMapObject>(path));
    } catch (error) {
      if (!isKubeError(error, 'NotFound')) throw error;
    }
  }

  async write(report: UntimedReport, context: ReportContext): Promise<void> {
    const now = this.now();
    const comparable = JSON.stringify([report, context]);
    if (comparable === this.#written && now - this.#writtenAt < heartbeatMs) return;
    const text = encodeNodeReport({ ...report, reportedAt: new Date(now).toISOString() });
    await this.#put(this.#body(text, context));
    this.#written = comparable;
    this.#writtenAt = now;
  }

  async #put(body: object): Promise<void> {
    const { client } = this.api;
    const name = this.#name();
    try {
      const path = resourcePath.configMap(agentPlace.namespace, name);
      this.#noteWish(await client.mergePatch<ConfigMapObject>(path, body));
    } catch (error) {
      if (!isKubeError(error, 'NotFound')) throw error;
      const created = { apiVersion: 'v1', kind: 'ConfigMap', ...body };
      await client.create<ConfigMapObject>(resourcePath.configMaps(agentPlace.namespace), created);
    }
  }

  #body(text: string, { labels, nodeUid }: ReportContext): object {
    const owner = { apiVersion: 'v1', kind: 'Node', name: this.node, uid: nodeUid };
    return {
      metadata: {
        name: this.#name(),
        labels: { ...agentMarks, ...labels, [agentPlace.reportLabel]: 'true' },
        ...(nodeUid === null ? {} : { ownerReferences: [owner] }),
      },
      data: { [nodeReportKey]: text },
    };
  }

  #noteWish({ metadata }: ConfigMapObject): void {
    this.#wish = metadata.annotations?.[agentPlace.writeOverAnnotation]?.slice(0, 256) ?? null;
  }

  #name(): string {
    const name = nodeReportName(this.node);
    if (name !== null) return name;
    throw new AgentProblem(
      'node.name-too-long',
      'The name of the node leaves no room for a report.',
    );
  }
}
