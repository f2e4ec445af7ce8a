import type { DialPolicy } from '@moorage/dial';
import type { KubeClock } from './clock.js';
import type { KubeError, KubeOperation } from './kube-error.js';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Whole call, waiting for a free slot and for `Retry-After` included. */
  readonly timeoutMs?: number;
  /** Urgent calls pass waiting normal ones (a new namespace during a rotation). Default normal. */
  readonly priority?: 'normal' | 'urgent';
}

export interface ListOptions extends CallOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** `metadata` asks for `PartialObjectMetadata`: a fraction of the bytes. Default `object`. */
  readonly projection?: 'object' | 'metadata';
  /** Objects per page. Default 500, as client-go's pager. */
  readonly limit?: number;
}

export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  /** Each `Warning` header of an accepted write, unquoted (RFC 9111, warn-code 299). */
  readonly onWarning?: (text: string) => void;
}

export interface TextOptions extends CallOptions {
  /** A longer reply is an error. */
  readonly maxBytes: number;
}

export interface DeleteOptions extends CallOptions {
  /** Delete only this very object. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly dryRun?: boolean;
}

export interface WatchOptions {
  readonly resourceVersion: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly projection?: 'object' | 'metadata';
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** The server has taken the watch up. */
  readonly onOpen?: () => void;
  /** Called with raw bytes as they arrive. */
  readonly onBytes: (chunk: Buffer) => void;
}

/** One finished request, for metrics. */
export interface KubeCallRecord {
  readonly operation: KubeOperation;
  /** HTTP status, or null when no reply came. */
  readonly status: number | null;
  readonly error: KubeError | null;
  readonly durationMs: number;
}

export interface KubeClientHooks {
  /** After each HTTP request, refused and repeated ones included. */
  readonly onCall?: (record: KubeCallRecord) => void;
  readonly onConnection?: (kind: 'call' | 'watch', event: 'opened' | 'closed') => void;
}

export interface KubeClientOptions {
  /** `moorage/<version> (<component>)` */
  readonly userAgent: string;
  /** Null exempts from the address check: the built-in sandbox only. */
  readonly dialPolicy: DialPolicy | null;
  readonly maxInFlight?: number;
  readonly requestTimeoutMs?: number;
  /** How often an HTTP/2 connection is asked for a sign of life. Default 10 s. */
  readonly pingIntervalMs?: number;
  readonly observe?: KubeClientHooks;
  readonly clock?: KubeClock;
}

export interface KubeClientStats {
  readonly connectionsOpened: number;
  readonly connectionsOpen: number;
  readonly watchConnectionsOpened: number;
  readonly requests: number;
  readonly refusals: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly inFlightLimit: number;
}

/** A request body: an object, or JSON already encoded (for the same body many times). */
export type RequestBody = object | string | Uint8Array;
