/**
 * A reply that says no, as a `KubeError`. The body is a `Status` (meta/v1); anything else did not
 * come from a Kubernetes API. Of a `Status`, reason, code, causes and retry hint are taken over.
 * Its message too, but not where it may quote what was sent: a refused write of a Secret.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { WireReply } from './exchange.js';
import {
  KubeError,
  type KubeErrorReason,
  type KubeOperation,
  type StatusReason,
} from './kube-error.js';
import { warningsOf } from './warning-header.js';

/** Messages are for a person's eyes; a server that answers with a novel is cut. */
const maxMessageLength = 300;
/** Room for a refusal by an admission policy, which says what is allowed and ends with its revision. */
const maxStatusMessageLength = 8_192;

const statusBody = z.object({
  kind: z.literal('Status'),
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.number().optional(),
  details: z
    .object({
      kind: z.string().optional(),
      retryAfterSeconds: z.number().optional(),
      causes: z
        .array(z.object({ reason: z.string().optional(), field: z.string().optional() }))
        .optional(),
    })
    .optional(),
});

export type StatusBody = z.infer<typeof statusBody>;

const knownReasons: ReadonlySet<string> = new Set<StatusReason>([
  'Unauthorized',
  'Forbidden',
  'NotFound',
  'AlreadyExists',
  'Conflict',
  'Gone',
  'Expired',
  'Invalid',
  'BadRequest',
  'MethodNotAllowed',
  'NotAcceptable',
  'RequestEntityTooLarge',
  'UnsupportedMediaType',
  'TooManyRequests',
  'InternalError',
  'ServerTimeout',
  'ServiceUnavailable',
  'StorageReadError',
  'Unknown',
]);

const reasonByStatus: Readonly<Record<number, KubeErrorReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'ServiceUnavailable',
  503: 'ServiceUnavailable',
  504: 'ServerTimeout',
};

/** For any reply that is not 2xx. */
export function statusError(reply: WireReply, operation: KubeOperation): KubeError {
  if (reply.status >= 300 && reply.status < 400) {
    return new KubeError({
      reason: 'Redirected',
      status: reply.status,
      operation,
      message: `${operation.verb} ${operation.path}: the server redirects elsewhere (HTTP ${reply.status}), which is never followed`,
    });
  }
  const retryAfterMs = parseRetryAfterMs(reply.headers);
  const status = parseStatusBody(reply.body);
  if (status === null) return foreignReply(reply, operation, retryAfterMs);
  return statusBodyError(status, operation, reply.status, retryAfterMs, warningsOf(reply.headers));
}

/** For a `Status` wherever it stands: in a reply or in a watch's ERROR event. */
export function statusBodyError(
  status: StatusBody,
  operation: KubeOperation,
  httpStatus: number | null = status.code ?? null,
  retryAfterMs: number | null = null,
  warnings: readonly string[] = [],
): KubeError {
  const hinted = status.details?.retryAfterSeconds;
  return new KubeError({
    reason: reasonOf(status, httpStatus),
    status: httpStatus,
    operation,
    message: `${operation.verb} ${operation.path}: ${messageOf(status, operation)}`,
    retryAfterMs: retryAfterMs ?? (hinted === undefined ? null : capRetryAfter(hinted * 1000)),
    namespaceTerminating: isNamespaceGone(status, operation),
    statusMessage: mayQuoteSecret(operation)
      ? null
      : (status.message?.slice(0, maxStatusMessageLength) ?? null),
    warnings: mayQuoteSecret(operation) ? [] : warnings,
  });
}

export function parseStatusBody(body: Buffer | unknown): StatusBody | null {
  const parsed = statusBody.safeParse(Buffer.isBuffer(body) ? parseJson(body) : body);
  return parsed.success ? parsed.data : null;
}

/** Delta-seconds only: that is what Kubernetes sends (RFC 9110 also allows a date). */
export function parseRetryAfterMs(headers: IncomingHttpHeaders): number | null {
  const value = headers['retry-after'];
  if (typeof value !== 'string' || !/^\d{1,6}$/.test(value)) return null;
  return capRetryAfter(Number(value) * 1000);
}

/** A server that says "come back next week" is asked again after five minutes. */
function capRetryAfter(ms: number): number {
  return Math.min(Math.max(0, ms), 5 * 60_000);
}

function reasonOf(status: StatusBody, httpStatus: number | null): KubeErrorReason {
  const said = status.reason ?? '';
  // `Timeout` of a Status is the server giving up, not us: the same name would mislead.
  if (said === 'Timeout') return 'ServerTimeout';
  if (isStatusReason(said)) return said;
  return reasonByStatus[httpStatus ?? status.code ?? 0] ?? 'Unknown';
}

function isStatusReason(text: string): text is StatusReason {
  return knownReasons.has(text);
}

function messageOf(status: StatusBody, operation: KubeOperation): string {
  const fields = (status.details?.causes ?? [])
    .map((cause) => cause.field ?? '')
    .filter((field) => field !== '');
  if (mayQuoteSecret(operation)) {
    const about = fields.length === 0 ? '' : ` (${fields.join(', ').slice(0, maxMessageLength)})`;
    return `the server refused it: ${status.reason ?? 'no reason given'}${about}`;
  }
  return (status.message ?? status.reason ?? 'no reason given').slice(0, maxMessageLength);
}

function mayQuoteSecret(operation: KubeOperation): boolean {
  const writes =
    operation.verb === 'create' || operation.verb === 'patch' || operation.verb === 'replace';
  return writes && /\/secrets(\/|$)/.test(operation.path);
}

function isNamespaceGone(status: StatusBody, operation: KubeOperation): boolean {
  const causes = status.details?.causes ?? [];
  if (causes.some((cause) => cause.reason === 'NamespaceTerminating')) return true;
  return (
    operation.verb === 'create' &&
    status.reason === 'NotFound' &&
    status.details?.kind === 'namespaces'
  );
}

function foreignReply(
  reply: WireReply,
  operation: KubeOperation,
  retryAfterMs: number | null,
): KubeError {
  // Proxies and load balancers answer 429 and 5xx in their own words; those pass.
  const passing = reply.status === 429 || reply.status >= 500;
  return new KubeError({
    reason: passing ? (reasonByStatus[reply.status] ?? 'InternalError') : 'NotKubernetes',
    status: reply.status,
    operation,
    message: `${operation.verb} ${operation.path}: HTTP ${reply.status} without a Kubernetes status`,
    retryAfterMs,
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Not JSON is an answer here: whoever spoke is not a Kubernetes API.
    return null;
  }
}
