/**
 * Nodes of the demo, and on most of them an agent that seems to apply the node config: its report
 * follows the Secret. No file is written anywhere; every object carries a label that says so.
 */
import {
  agentPlace,
  encodeNodeReport,
  nodeReportKey,
  nodeReportName,
  SYNC_MARKS,
} from '@moorage/core';
import { type ApiResource, coreResource, findResource } from './api-resources.js';
import type { KubeObject } from './kube-object.js';
import { draftNew } from './object-drafts.js';
import type { ObjectStore } from './object-store.js';

export interface SimulatedNode {
  readonly name: string;
  /** `v1.34.1+k3s1` */
  readonly version: string;
  readonly hasAgent: boolean;
}

export interface NodeAgents {
  stop(): void;
}

const simulatedLabel = { 'dev.moorage.simulated': 'true' } as const;
/** As the real one; a report that is older than three of these counts as none. */
const heartbeatMs = 10 * 60_000;

export function startNodeAgents(store: ObjectStore, nodes: readonly SimulatedNode[]): NodeAgents {
  for (const { name, version } of nodes) {
    const status = { nodeInfo: { kubeletVersion: version } };
    put(store, nodeResource(), '', { metadata: { name, labels: simulatedLabel }, status });
  }
  const reporting = nodes.filter(({ hasAgent }) => hasAgent);
  const reportAll = () => {
    for (const node of reporting) report(store, node);
  };
  let turn: NodeJS.Immediate | undefined;
  const unsubscribe = store.subscribe(({ resource, namespace, name }) => {
    const isConfig =
      resource.kind === 'Secret' &&
      namespace === agentPlace.namespace &&
      name === agentPlace.secret;
    if (!isConfig) return;
    // After the write that caused it has been answered, and once for several writes.
    clearImmediate(turn);
    turn = setImmediate(reportAll);
  });
  const heartbeat = setInterval(reportAll, heartbeatMs);
  heartbeat.unref();
  return {
    stop() {
      unsubscribe();
      clearInterval(heartbeat);
      clearImmediate(turn);
    },
  };
}

/** Nothing before the namespace is there: agents come with it. */
function report(store: ObjectStore, { name, version }: SimulatedNode): void {
  const { namespace, secret, reportLabel } = agentPlace;
  const configMap = nodeReportName(name);
  if (configMap === null || !hasNamespace(store)) return;
  const config = store.get(coreResource('secrets'), namespace, secret);
  const hash = config?.metadata.annotations?.[SYNC_MARKS.contentHashAnnotation] ?? null;
  const text = encodeNodeReport({
    version: 1,
    node: name,
    distribution: 'k3s',
    versions: { distribution: version, runtime: null, agent: 'simulated' },
    desiredHash: hash,
    appliedHash: hash,
    state: 'in-sync',
    restart: hash === null ? 'none' : 'live',
    drift: [],
    replaced: [],
    omitted: 0,
    lastError: null,
    reportedAt: new Date().toISOString(),
  });
  put(store, coreResource('configmaps'), namespace, {
    metadata: { name: configMap, labels: { ...simulatedLabel, [reportLabel]: 'true' } },
    data: { [nodeReportKey]: text },
  });
}

function hasNamespace(store: ObjectStore): boolean {
  const namespace = store.get(coreResource('namespaces'), '', agentPlace.namespace);
  return namespace !== undefined && namespace.metadata.deletionTimestamp === undefined;
}

interface Body extends Readonly<Record<string, unknown>> {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

function put(store: ObjectStore, resource: ApiResource, namespace: string, body: Body): KubeObject {
  const present = store.get(resource, namespace, body.metadata.name);
  const draft = draftNew({ resource, namespace, name: '' }, body);
  const metadata = present === undefined ? draft.metadata : present.metadata;
  return store.put(resource, { ...draft, metadata });
}

function nodeResource(): ApiResource {
  const resource = findResource('', 'v1', 'nodes');
  if (resource === undefined) throw new Error('the simulated API has no nodes');
  return resource;
}
