/**
 * Which images a policy stopped, from the events of controllers that could not create their pods
 * (core/v1 Event, reason `FailedCreate`), and from the API server's own counts. Pure.
 *
 * The API server names the policy in the message: `ValidatingAdmissionPolicy 'name' with binding
 * 'name' denied request: Image "…" may not run here: …`. What people and tools were refused leaves
 * no event: only they have seen it.
 */
import type { StoppedImage } from '@moorage/contract';
import type { KubeObject } from '@moorage/kube';

export interface EventObject extends KubeObject {
  readonly involvedObject?: {
    readonly kind?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
  readonly message?: string;
  readonly count?: number | null;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string } | null;
}

export type FailedCreation = Omit<StoppedImage, 'clusterId' | 'clusterName'>;

/** Enough to recognise it; the rest repeats the whitelist. */
const MESSAGE_MAX = 1_000;
/** No name in Kubernetes is longer, and nothing keeps whoever writes an event from longer ones. */
const NAME_MAX = 253;

/** Null when the event is not about this policy. */
export function readFailedCreation(event: EventObject, policyName: string): FailedCreation | null {
  const { message, metadata } = event;
  const involvedObject = event.involvedObject ?? {};
  // Foreign input: a cluster may say anything.
  if (typeof message !== 'string') return null;
  if (!message.includes(`ValidatingAdmissionPolicy '${policyName}'`)) return null;
  const seenAt = event.eventTime ?? metadata.creationTimestamp;
  const first = timeOf(event.firstTimestamp ?? seenAt);
  const last = timeOf(event.lastTimestamp ?? event.series?.lastObservedTime ?? seenAt);
  if (first === null || last === null) return null;
  return {
    namespace: nameOf(involvedObject.namespace ?? metadata.namespace),
    workload: { kind: nameOf(involvedObject.kind), name: nameOf(involvedObject.name) },
    image: imageIn(message)?.slice(0, MESSAGE_MAX) ?? null,
    message: message.slice(message.indexOf('ValidatingAdmissionPolicy')).slice(0, MESSAGE_MAX),
    count: countOf(event.count ?? event.series?.count),
    firstSeenAt: first,
    lastSeenAt: last,
  };
}

/** One for each image of each workload, newest first. */
export function gatherFailedCreations(
  creations: readonly FailedCreation[],
): readonly FailedCreation[] {
  const groups = Map.groupBy(creations, ({ namespace, workload, image }) =>
    JSON.stringify([namespace, workload.kind, workload.name, image]),
  );
  return [...groups.values()]
    .map(merge)
    .toSorted((a, b) => Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt));
}

function merge(same: readonly FailedCreation[]): FailedCreation {
  const newest = same.reduce((a, b) =>
    Date.parse(b.lastSeenAt) > Date.parse(a.lastSeenAt) ? b : a,
  );
  const firstSeenAt = same.reduce(
    (first, each) => (Date.parse(each.firstSeenAt) < Date.parse(first) ? each.firstSeenAt : first),
    newest.firstSeenAt,
  );
  const count = same.reduce((sum, each) => sum + each.count, 0);
  return { ...newest, count, firstSeenAt };
}

function nameOf(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, NAME_MAX) : '';
}

function countOf(count: unknown): number {
  return Number.isSafeInteger(count) ? Math.max(1, Number(count)) : 1;
}

function imageIn(message: string): string | null {
  const quoted = / denied request: Image ("(?:[^"\\]|\\.)*")/.exec(message)?.[1];
  if (quoted === undefined) return null;
  try {
    const image: unknown = JSON.parse(quoted);
    return typeof image === 'string' ? image : null;
  } catch {
    // Quoted by the API server's own rules, which have a few escapes more.
    return quoted.slice(1, -1);
  }
}

function timeOf(text: string | null | undefined): string | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** Name of the counter: ALPHA in 1.26, BETA since 1.30 (apiserver/pkg/admission/plugin/policy/validating/metrics). */
const COUNTER = 'apiserver_validating_admission_policy_check_total{';

export interface PolicyCounts {
  readonly refused: number;
  readonly warned: number;
}

/** From the text of `/metrics`. */
export function readPolicyCounts(metrics: string, policyName: string): PolicyCounts {
  const counts = { deny: 0, warn: 0 };
  for (const line of metrics.split('\n')) {
    if (!line.startsWith(COUNTER)) continue;
    const labels = line.slice(COUNTER.length, line.lastIndexOf('}'));
    if (labelOf(labels, 'policy') !== policyName) continue;
    const action = labelOf(labels, 'enforcement_action');
    const value = Number(
      line
        .slice(line.lastIndexOf('}') + 1)
        .trim()
        .split(' ')[0],
    );
    if ((action === 'deny' || action === 'warn') && Number.isFinite(value)) counts[action] += value;
  }
  return { refused: counts.deny, warned: counts.warn };
}

function labelOf(labels: string, name: string): string | null {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? null;
}
