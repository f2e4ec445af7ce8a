/**
 * What there is to know of the nodes of a cluster: their names, the reports of their agents, and which
 * config is there now. Three lists, bounded by the client and by one time limit.
 *
 * A Secret's content is not asked for: its mark says which config it holds.
 */
import {
  agentPlace,
  type NodeReading,
  nodeReportKey,
  nodeReportName,
  SYNC_MARKS,
} from '@moorage/core';
import {
  type ConfigMapObject,
  describeClusterError,
  isKubeError,
  type KubeClient,
  KubeError,
  type KubeObject,
  resourcePath,
} from '@moorage/kube';
import { Injectable } from '@nestjs/common';
import { ClusterConnections } from '../clusters/cluster-connections.js';

export type ReadNodes =
  | { readonly state: 'read'; readonly reading: Omit<NodeReading, 'now'> }
  | { readonly state: 'forbidden' | 'unreachable'; readonly detail: string };

/** Reports hold at most 256 KiB each (`nodeReportMaxBytes`): a page of this many stays below the client's bound. */
const REPORTS_PER_PAGE = 200;

@Injectable()
export class NodesClient {
  constructor(private readonly connections: ClusterConnections) {}

  async read(clusterId: string, signal: AbortSignal): Promise<ReadNodes> {
    try {
      const reading = await this.connections.use(clusterId, 'nodes', (client) =>
        readNodes(client, signal),
      );
      return reading === undefined
        ? { state: 'unreachable', detail: 'The cluster was removed meanwhile.' }
        : { state: 'read', reading };
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      return describe(error, signal);
    }
  }
}

async function readNodes(
  client: KubeClient,
  signal: AbortSignal,
): Promise<Omit<NodeReading, 'now'>> {
  const { namespace, secret, reportLabel } = agentPlace;
  const [nodes, reports, secrets] = await Promise.all([
    client.list<KubeObject>(resourcePath.nodes(), { projection: 'metadata', signal }),
    client.list<ConfigMapObject>(resourcePath.configMaps(namespace), {
      labelSelector: reportLabel,
      limit: REPORTS_PER_PAGE,
      signal,
    }),
    client.list<KubeObject>(resourcePath.secrets(namespace), {
      fieldSelector: `metadata.name=${secret}`,
      projection: 'metadata',
      signal,
    }),
  ]);
  const names = nodes.items.map(({ metadata }) => metadata.name);
  const texts = new Map(
    reports.items.map(({ metadata, data }) => [metadata.name, data?.[nodeReportKey]]),
  );
  const config = secrets.items.find(({ metadata }) => metadata.name === secret);
  return {
    nodes: names,
    reports: new Map(
      names.flatMap((name): [string, string][] => {
        const text = textOf(texts.get(nodeReportName(name) ?? ''));
        return text === null ? [] : [[name, text]];
      }),
    ),
    desiredHash: textOf(config?.metadata.annotations?.[SYNC_MARKS.contentHashAnnotation]),
  };
}

/** Of an object only the name is checked before; a cluster may put anything in the place of a text. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function describe(error: KubeError, signal: AbortSignal): ReadNodes {
  if (isKubeError(error, 'Forbidden')) {
    const what = error.operation.path.endsWith('/nodes') ? 'nodes' : 'the reports of its agents';
    const detail = `Our account may not list ${what} there. Apply the RBAC manifest that is shown under the permissions of the cluster.`;
    return { state: 'forbidden', detail };
  }
  if (signal.aborted) {
    return { state: 'unreachable', detail: 'The cluster did not answer in time.' };
  }
  const { detail, fix } = describeClusterError(error);
  return { state: 'unreachable', detail: `${detail} ${fix}` };
}
