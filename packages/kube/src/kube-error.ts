/**
 * The one error that calls to a cluster throw.
 *
 * `reason` is the `reason` of a Kubernetes `Status` where the server sent one
 * (k8s.io/apimachinery/pkg/apis/meta/v1, StatusReason), else one of the transport reasons below.
 * Messages never hold a request body, a header or the text of a reply that is not a `Status`.
 * `statusMessage` is what the server's `Status` said, longer than a person wants to read: for
 * whoever has to recognise who refused. Null where it could quote a Secret.
 */
export type TransportReason =
  | 'ConnectionRefused'
  | 'ConnectionReset'
  | 'DnsNotFound'
  | 'HostUnreachable'
  | 'Timeout'
  | 'Aborted'
  | 'Closed'
  | 'AddressBlocked'
  | 'TlsUntrusted'
  | 'TlsExpired'
  | 'TlsNameMismatch'
  | 'TlsNotSpoken'
  | 'TlsClientCertificateRefused'
  | 'TlsFailed'
  | 'NotKubernetes'
  | 'Redirected'
  | 'ResponseTooLarge'
  | 'MalformedResponse'
  | 'StaleList'
  | 'WatchSilent';

export type StatusReason =
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Expired'
  | 'Invalid'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'TooManyRequests'
  | 'InternalError'
  | 'ServerTimeout'
  | 'ServiceUnavailable'
  | 'StorageReadError'
  | 'Unknown';

export type KubeErrorReason = TransportReason | StatusReason;

/** What was being done: verb and path without query, so that it can go to logs and metrics. */
export interface KubeOperation {
  readonly verb: 'get' | 'list' | 'create' | 'patch' | 'replace' | 'delete' | 'watch';
  readonly path: string;
}

export interface KubeErrorFields {
  readonly reason: KubeErrorReason;
  readonly operation: KubeOperation;
  readonly message: string;
  readonly status?: number | null;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | null;
  readonly namespaceTerminating?: boolean;
  readonly statusMessage?: string | null;
  readonly warnings?: readonly string[];
  readonly cause?: unknown;
}

export class KubeError extends Error {
  override readonly name = 'KubeError';
  /** HTTP status, or null when no reply came. */
  readonly status: number | null;
  readonly reason: KubeErrorReason;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  /** A write was refused only because its namespace is being deleted: nothing to repair. */
  readonly namespaceTerminating: boolean;
  readonly statusMessage: string | null;
  /** `Warning` headers of the refusal: what else would have been said. */
  readonly warnings: readonly string[];
  readonly operation: KubeOperation;

  constructor(fields: KubeErrorFields) {
    super(fields.message, { cause: fields.cause });
    this.status = fields.status ?? null;
    this.reason = fields.reason;
    this.retryable = fields.retryable ?? retryableReasons.has(fields.reason);
    this.retryAfterMs = fields.retryAfterMs ?? null;
    this.namespaceTerminating = fields.namespaceTerminating ?? false;
    this.statusMessage = fields.statusMessage ?? null;
    this.warnings = fields.warnings ?? [];
    this.operation = fields.operation;
  }
}

const retryableReasons: ReadonlySet<KubeErrorReason> = new Set<KubeErrorReason>([
  'ConnectionRefused',
  'ConnectionReset',
  'DnsNotFound',
  'HostUnreachable',
  'Timeout',
  'Conflict',
  'Gone',
  'Expired',
  'TooManyRequests',
  'InternalError',
  'ServerTimeout',
  'ServiceUnavailable',
  'StorageReadError',
  'MalformedResponse',
  'StaleList',
  'WatchSilent',
]);

export function isKubeError(error: unknown, reason?: KubeErrorReason): error is KubeError {
  return error instanceof KubeError && (reason === undefined || error.reason === reason);
}
