/**
 * Whose turn it is to restart. One Lease for all nodes: who holds it may restart; who is back gives
 * it up. A holder that falls silent is a node that did not come back, so a lease that was never given
 * up is not taken over when it expires, as a leader's would be: it stops the series. So does a node
 * that says itself that it failed.
 *
 * A stopped series goes on when a person deletes the Lease. The node that stopped it may also try
 * again by itself once there is another config: the one that mends it must be able to arrive. Its
 * success lifts the stop.
 *
 * Source of the shape: Kubernetes `coordination.k8s.io/v1` Lease.
 *
 * Does not handle: nodes that are restarted by others at the same time.
 */
import { z } from 'zod';
import { agentMarks, agentPlace } from './agent-place.js';

export interface RestartStop {
  /** The node that did not come back. */
  readonly node: string;
  readonly code: string;
  /** The config that it was restarted for. */
  readonly hash: string;
  readonly at: string;
}

export interface RestartLease {
  readonly holder: string | null;
  readonly renewedAt: string | null;
  readonly durationSeconds: number;
  readonly stop: RestartStop | null;
}

export interface TurnQuestion {
  readonly node: string;
  /** The config that a restart is needed for. */
  readonly hash: string;
  /** Null when nobody has restarted anything yet, or a person deleted it. */
  readonly lease: RestartLease | null;
  readonly now: number;
}

export type Turn =
  | { readonly action: 'take' }
  /** It is ours already, from before this process. */
  | { readonly action: 'continue' }
  | { readonly action: 'wait'; readonly holder: string }
  | { readonly action: 'stopped'; readonly stop: RestartStop }
  /** The holder is silent: to be recorded, so that everybody sees it. */
  | { readonly action: 'record-stop'; readonly stop: RestartStop };

export function decideTurn({ node, hash, lease, now }: TurnQuestion): Turn {
  if (lease === null) return { action: 'take' };
  const { stop, holder } = lease;
  if (stop !== null) {
    const mayTry = stop.node === node && stop.hash !== hash;
    return mayTry ? { action: 'take' } : { action: 'stopped', stop };
  }
  if (holder === null) return { action: 'take' };
  if (holder === node) return { action: 'continue' };
  const renewed = Date.parse(lease.renewedAt ?? '');
  const isSilent = !(renewed + lease.durationSeconds * 1000 >= now);
  if (!isSilent) return { action: 'wait', holder };
  const at = new Date(now).toISOString();
  return {
    action: 'record-stop',
    stop: { node: holder, code: 'restart.node-silent', hash: '', at },
  };
}

const Stop = z.strictObject({
  node: z.string().min(1).max(253),
  code: z.string().min(1).max(100),
  hash: z.string().max(256),
  at: z.iso.datetime(),
});

const Lease = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      renewTime: z.string().nullish(),
      leaseDurationSeconds: z.int().nullish(),
    })
    .default({}),
});

export interface ReadLease extends RestartLease {
  readonly resourceVersion: string;
}

/** The Lease as the API server gives it; a stop that cannot be read still stops. */
export function decodeRestartLease(object: unknown): ReadLease {
  const { metadata, spec } = Lease.parse(object);
  const text = metadata.annotations[agentPlace.stoppedAnnotation];
  return {
    resourceVersion: metadata.resourceVersion,
    holder: spec.holderIdentity || null,
    renewedAt: spec.renewTime ?? null,
    durationSeconds: spec.leaseDurationSeconds ?? 0,
    stop: text === undefined ? null : readStop(text),
  };
}

const unreadableStop: RestartStop = {
  node: 'unknown',
  code: 'restart.stopped',
  hash: '',
  at: '1970-01-01T00:00:00.000Z',
};

function readStop(text: string): RestartStop {
  try {
    return Stop.parse(JSON.parse(text));
  } catch {
    return unreadableStop;
  }
}

/** The Lease to write; `resourceVersion` of the one that was read, or null to create it. */
export function encodeRestartLease(lease: RestartLease, resourceVersion: string | null): object {
  const { holder, renewedAt, durationSeconds, stop } = lease;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: agentPlace.lease,
      namespace: agentPlace.namespace,
      labels: agentMarks,
      ...(stop === null
        ? {}
        : { annotations: { [agentPlace.stoppedAnnotation]: JSON.stringify(stop) } }),
      ...(resourceVersion === null ? {} : { resourceVersion }),
    },
    spec: {
      holderIdentity: holder ?? '',
      leaseDurationSeconds: durationSeconds,
      // Kubernetes' MicroTime has six digits after the point.
      ...(renewedAt === null ? {} : { renewTime: renewedAt.replace(/\.(\d{3})Z$/, '.$1000Z') }),
    },
  };
}
