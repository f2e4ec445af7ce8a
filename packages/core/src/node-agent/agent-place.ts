/**
 * The names that the node agent and those who look after it agree on: where the config comes from,
 * where reports go, and what keeps restarts apart.
 */
import type { NodeDistribution } from '../node-config/model.js';
import { SYNC_MARKS } from '../sync-plan/model.js';

/** What runs containers on a node: `containerd` is one that no K3s or RKE2 drives. */
export type AgentDistribution = NodeDistribution | 'containerd';

export const agentDistributions = ['k3s', 'rke2', 'containerd'] as const;

export const agentPlace = {
  namespace: 'moorage-system',
  /** DaemonSet, service account, roles. */
  name: 'moorage-agent',
  secret: 'moorage-node-config',
  /** Whoever holds it may restart its node. */
  lease: 'moorage-agent-restart',
  /** On every report, for a list that finds them all. */
  reportLabel: 'moorage.dev/node-report',
  /** On the Secret: for which distribution its files are. */
  distributionAnnotation: 'moorage.dev/distribution',
  /** On a node's report, set by a person: any new value makes the agent write over hand edits once. */
  writeOverAnnotation: 'moorage.dev/write-over',
  /** On the lease: where a series of restarts has stopped, and why. */
  stoppedAnnotation: 'moorage.dev/restart-stopped',
} as const;

/** On everything of the agent's. */
export const agentMarks = { [SYNC_MARKS.managedByLabel]: SYNC_MARKS.managedBy } as const;

// A name of 253 characters is the longest that Kubernetes has for a node and for a ConfigMap.
const nameMaxLength = 253;
const reportPrefix = 'moorage-node-';

/** The ConfigMap with the report of a node; null for a node whose name leaves no room for ours. */
export function nodeReportName(node: string): string | null {
  const name = `${reportPrefix}${node}`;
  return node === '' || name.length > nameMaxLength ? null : name;
}

/** The key of the report's text in its ConfigMap. */
export const nodeReportKey = 'report.json';
