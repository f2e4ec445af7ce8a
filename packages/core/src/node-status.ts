/**
 * How the node config stands on every node of a cluster: the nodes that there are × the reports of
 * their agents × the config that is there now. An agent knows only the config that it has seen, so what
 * it calls in sync is pending as soon as there is a newer one.
 *
 * Does not handle: whether a report is true. Whoever may write in `moorage-system` can write one.
 */
import type { NodeProblemCode } from './node-agent/codes.js';
import { decodeNodeReport, type NodeReport, type NodeState } from './node-agent/node-report.js';

export interface NodeReading {
  /** Names of all nodes. */
  readonly nodes: readonly string[];
  /** By node, the text of its report. */
  readonly reports: ReadonlyMap<string, string>;
  /** Of the config that is in the cluster now; null when there is none. */
  readonly desiredHash: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface NodeStatus {
  readonly node: string;
  readonly state: NodeState | 'no-report';
  /** Null without a report that can be read. */
  readonly report: NodeReport | null;
  readonly desiredHash: string | null;
  readonly lastError: { readonly code: string; readonly detail: string } | null;
}

/** An agent reports every ten minutes, changed or not; after three times that it is not there. */
export const nodeReportMaxAgeMs = 30 * 60_000;

/** One for each node, by name; reports of nodes that are gone are passed over. */
export function decideNodeStatuses(reading: NodeReading): readonly NodeStatus[] {
  return reading.nodes.toSorted().map((node) => decideNodeStatus(node, reading));
}

function decideNodeStatus(node: string, reading: NodeReading): NodeStatus {
  const { desiredHash, now } = reading;
  const text = reading.reports.get(node);
  const silent = { node, state: 'no-report', report: null, desiredHash } as const;
  if (text === undefined) return { ...silent, lastError: null };
  const decoded = decodeNodeReport(text);
  if (!decoded.ok || decoded.value.node !== node) {
    const detail = decoded.ok ? 'it names another node' : decoded.error;
    const code: NodeProblemCode = 'node-agent.report-unreadable';
    return { ...silent, lastError: { code, detail: `The report cannot be read: ${detail}.` } };
  }
  const report = decoded.value;
  if (now - Date.parse(report.reportedAt) > nodeReportMaxAgeMs) {
    const detail = `The agent of this node has not reported since ${report.reportedAt}.`;
    return { ...silent, report, lastError: { code: 'node-agent.silent', detail } };
  }
  const isOld = report.desiredHash !== desiredHash && report.state === 'in-sync';
  const state = isOld ? 'pending' : report.state;
  return { node, state, report, desiredHash, lastError: report.lastError };
}
