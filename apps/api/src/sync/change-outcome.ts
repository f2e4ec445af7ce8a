/** What a failed call means for the object that it was about. */
import type { Reason } from '@moorage/core';
import { describeClusterError, KubeError, type KubeErrorReason } from '@moorage/kube';

export type Failure =
  /** somebody changed it meanwhile, or it is gone: look again */
  | { readonly kind: 'look-again' }
  /** it will work later without anybody doing anything */
  | { readonly kind: 'later'; readonly reason: Reason; readonly afterMs: number | null }
  /** the whole cluster does not answer, or does not know us */
  | { readonly kind: 'cluster'; readonly reason: Reason }
  /** stays refused until somebody does something */
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** nothing to do any more: we are stopping, or the namespace is going away */
  | { readonly kind: 'moot' };

const LOOK_AGAIN: ReadonlySet<KubeErrorReason> = new Set(['Conflict', 'AlreadyExists', 'NotFound']);
const OF_THE_CLUSTER: ReadonlySet<KubeErrorReason> = new Set([
  'Unauthorized',
  'AddressBlocked',
  'TlsUntrusted',
  'TlsExpired',
  'TlsNameMismatch',
  'TlsNotSpoken',
  'TlsClientCertificateRefused',
  'TlsFailed',
  'NotKubernetes',
  'Redirected',
]);

export function classifyFailure(error: unknown): Failure {
  if (!(error instanceof KubeError)) {
    const reason = { code: 'sync.defect', detail: 'Something went wrong here; see the log.' };
    return { kind: 'later', reason, afterMs: null };
  }
  if (error.reason === 'Closed' || error.reason === 'Aborted' || error.namespaceTerminating) {
    return { kind: 'moot' };
  }
  if (LOOK_AGAIN.has(error.reason)) return { kind: 'look-again' };
  const reason = reasonOf(error);
  const noReply = error.status === null && error.retryable;
  if (noReply || OF_THE_CLUSTER.has(error.reason)) return { kind: 'cluster', reason };
  if (error.retryable) return { kind: 'later', reason, afterMs: error.retryAfterMs };
  return { kind: 'refused', reason };
}

const INVALID: ReadonlySet<KubeErrorReason> = new Set([
  'Invalid',
  'BadRequest',
  'RequestEntityTooLarge',
]);

// Never the cluster's own words about an object of ours: they could repeat what is in it.
function reasonOf(error: KubeError): Reason {
  if (INVALID.has(error.reason)) {
    const detail = `The cluster refuses this object as not valid (${error.reason}).`;
    return { code: 'object.refused', detail };
  }
  const { code, detail } = describeClusterError(error);
  return { code, detail };
}
