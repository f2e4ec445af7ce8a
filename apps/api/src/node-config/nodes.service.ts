import type { NodeStatusList } from '@moorage/contract';
import { decideNodeStatuses } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { notFound } from '../http/problem.js';
import { type NodeClusterRow, NodeConfigRepository } from './node-config.repository.js';
import { NodesClient, type ReadNodes } from './nodes.client.js';
import { presentNodes } from './nodes.presenter.js';

/** Somebody waits in front of a screen; a client of ours gives up after 30 s. */
const ALL_CLUSTERS_TIMEOUT_MS = 20_000;
const CLUSTERS_AT_ONCE = 8;

export interface ClusterReading {
  readonly cluster: NodeClusterRow;
  readonly outcome: ReadNodes;
}

@Injectable()
export class NodesService {
  constructor(
    private readonly repository: NodeConfigRepository,
    private readonly client: NodesClient,
  ) {}

  /** Asks the clusters now. One that does not answer delays the others by nothing and is told. */
  async list(scope: EnvironmentScope, clusterId: string | undefined): Promise<NodeStatusList> {
    if (clusterId !== undefined && !(await this.repository.hasTarget(scope, clusterId)))
      throw notFound();
    const all = await this.repository.listNodeClusters(scope);
    const clusters = all.filter(({ id }) => clusterId === undefined || id === clusterId);
    const readings = await this.#readAll(clusters);
    const now = Date.now();
    return presentNodes(
      readings.map(({ cluster, outcome }) => ({
        cluster,
        outcome,
        statuses: outcome.state === 'read' ? decideNodeStatuses({ ...outcome.reading, now }) : [],
      })),
    );
  }

  async #readAll(clusters: readonly NodeClusterRow[]): Promise<ClusterReading[]> {
    const signal = AbortSignal.timeout(ALL_CLUSTERS_TIMEOUT_MS);
    const readings = new Map<string, ReadNodes>();
    const waiting = clusters.values();
    const readNext = async (): Promise<void> => {
      for (const { id } of waiting) {
        readings.set(id, signal.aborted ? NOT_ASKED : await this.client.read(id, signal));
      }
    };
    await Promise.all(Array.from({ length: CLUSTERS_AT_ONCE }, readNext));
    return clusters.map((cluster) => ({
      cluster,
      outcome: readings.get(cluster.id) ?? NOT_ASKED,
    }));
  }
}

const NOT_ASKED: ReadNodes = {
  state: 'unreachable',
  detail: 'Others took too long, so this cluster was not asked. Ask for it alone.',
};
