/**
 * Runs one call to its end: waits for a slot, sends, waits out refusals, names failures, counts.
 */
import { defaultRetryAfterMs, maxRefusals, maxReplyBytes } from './client-limits.js';
import type { CallOptions, KubeClientOptions, KubeClientStats } from './client-options.js';
import { type KubeClock, systemClock } from './clock.js';
import type { ClusterAccess } from './cluster-access.js';
import { DowngradedError, exchange, type WireReply, type WireRequest } from './exchange.js';
import { InFlightLimit, type Slot, type SlotOutcome } from './in-flight-limit.js';
import { KubeError, type KubeOperation } from './kube-error.js';
import { RequestHeaders } from './request-headers.js';
import { statusError } from './status-error.js';
import { ClusterTransport, http1Connections } from './transport.js';
import { wireError } from './wire-error.js';

export interface RunnerOptions extends KubeClientOptions {
  readonly maxInFlight: number;
  readonly requestTimeoutMs: number;
}

export interface Call {
  readonly operation: KubeOperation;
  readonly method: WireRequest['method'];
  /** With query, without the server's base path. */
  readonly path: string;
  readonly options: CallOptions;
  readonly contentType?: string;
  readonly body?: string | Uint8Array;
  readonly projection?: 'list' | 'object' | undefined;
  /** Media type of the reply. Default JSON. */
  readonly accept?: string;
  /** Default: what a page of a list may have. */
  readonly maxBytes?: number;
}

interface Attempt {
  readonly call: Call;
  readonly request: WireRequest;
  readonly endsAt: number;
}

export class RequestRunner {
  readonly transport: ClusterTransport;
  readonly headers: RequestHeaders;
  readonly clock: KubeClock;
  readonly closing = new AbortController();
  readonly #options: RunnerOptions;
  readonly #basePath: string;
  readonly #limit: InFlightLimit;
  readonly #counts = { opened: 0, open: 0, watchOpened: 0, requests: 0, refusals: 0 };

  constructor(access: ClusterAccess, options: RunnerOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#basePath = new URL(access.server).pathname.replace(/\/+$/, '');
    this.headers = new RequestHeaders(access, options.userAgent);
    this.#limit = new InFlightLimit({ max: options.maxInFlight, now: this.clock.now });
    this.transport = new ClusterTransport(access, options.dialPolicy, {
      onConnection: (kind, event) => this.#countConnection(kind, event),
      onHttp1: () => this.#limit.lowerMax(http1Connections),
      ...(options.pingIntervalMs === undefined ? {} : { pingIntervalMs: options.pingIntervalMs }),
    });
    if (this.transport.isHttp1) this.#limit.lowerMax(http1Connections);
  }

  /** The reply of a call that the server accepted (2xx). */
  async run(call: Call): Promise<WireReply> {
    const timeoutMs = call.options.timeoutMs ?? this.#options.requestTimeoutMs;
    const endsAt = this.clock.now() + timeoutMs;
    const request: WireRequest = {
      method: call.method,
      path: this.pathOf(call.path),
      headers:
        call.accept === undefined
          ? this.headers.of(call.contentType ?? null, call.projection)
          : this.headers.accepting(call.accept),
      body: call.body ?? null,
    };
    const attempt: Attempt = { call, request, endsAt };
    let hasRepeatedRead = false;
    for (let refusals = 0; ; ) {
      const error = await this.#attempt(attempt);
      if (!(error instanceof KubeError)) return error;
      if (error.reason === 'ConnectionReset' && call.method === 'GET' && !hasRepeatedRead) {
        // An idle connection that the server closed just as we used it.
        hasRepeatedRead = true;
        continue;
      }
      refusals += 1;
      if (!isRefusal(error) || refusals > maxRefusals) throw error;
      await this.#waitOut(error, attempt);
    }
  }

  pathOf(path: string): string {
    return `${this.#basePath}${path}`;
  }

  /** Ends with `Closed` what the closing of the client ended. */
  nameError(error: unknown, operation: KubeOperation): KubeError {
    if (!this.closing.signal.aborted) return wireError(error, operation);
    return closedError(operation);
  }

  record(
    operation: KubeOperation,
    startedAt: number,
    status: number | null,
    error: KubeError | null,
  ): void {
    this.#counts.requests += 1;
    if (error?.reason === 'TooManyRequests') this.#counts.refusals += 1;
    this.#options.observe?.onCall?.({
      operation,
      status,
      error,
      durationMs: this.clock.now() - startedAt,
    });
  }

  get stats(): KubeClientStats {
    return {
      connectionsOpened: this.#counts.opened,
      connectionsOpen: this.#counts.open,
      watchConnectionsOpened: this.#counts.watchOpened,
      requests: this.#counts.requests,
      refusals: this.#counts.refusals,
      inFlight: this.#limit.inFlight,
      waiting: this.#limit.waiting,
      inFlightLimit: this.#limit.limit,
    };
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.transport.close();
  }

  /** One request: the reply, or the error as a value, because most are looked at before thrown. */
  async #attempt(attempt: Attempt): Promise<WireReply | KubeError> {
    const { operation } = attempt.call;
    const slot = await this.#slot(attempt);
    const startedAt = this.clock.now();
    let outcome: SlotOutcome = 'unmeasured';
    try {
      const reply = await this.#send(attempt);
      const error =
        reply.status >= 200 && reply.status < 300 ? null : statusError(reply, operation);
      // Pages of a list take long because they are large: no sign of overload.
      if (error?.reason === 'TooManyRequests') outcome = 'refused';
      else if (operation.verb !== 'list') outcome = 'answered';
      this.record(operation, startedAt, reply.status, error);
      return error ?? reply;
    } catch (cause) {
      const error = this.nameError(cause, operation);
      this.record(operation, startedAt, null, error);
      return error;
    } finally {
      slot.release(outcome);
    }
  }

  async #send(attempt: Attempt): Promise<WireReply> {
    const bounds = () => ({
      timeoutMs: Math.max(1, attempt.endsAt - this.clock.now()),
      maxBytes: attempt.call.maxBytes ?? maxReplyBytes,
      signal: attempt.call.options.signal,
    });
    try {
      return await exchange(this.transport.forCall(), attempt.request, bounds());
    } catch (error) {
      if (!(error instanceof DowngradedError)) throw error;
      this.transport.useHttp1();
      return exchange(this.transport.forCall(), attempt.request, bounds());
    }
  }

  #slot(attempt: Attempt): Promise<Slot> {
    const { options, operation } = attempt.call;
    if (this.closing.signal.aborted) return Promise.reject(closedError(operation));
    if (options.signal?.aborted === true) return Promise.reject(abortedError(operation));
    const free = this.#limit.tryAcquire(options.priority ?? 'normal');
    if (free !== null) return Promise.resolve(free);
    return new Promise((resolve, reject) => {
      const leave = this.#limit.enqueue(options.priority ?? 'normal', (slot) => {
        stop();
        resolve(slot);
      });
      const stop = this.#onEnd(attempt, (error) => {
        leave();
        reject(error);
      });
    });
  }

  async #waitOut(error: KubeError, attempt: Attempt): Promise<void> {
    // Never earlier than asked; up to half as long again, so that callers do not return in step.
    const waitMs = (error.retryAfterMs ?? defaultRetryAfterMs) * (1 + this.clock.random() / 2);
    if (this.clock.now() + waitMs >= attempt.endsAt) throw error;
    await new Promise<void>((resolve, reject) => {
      const cancel = this.clock.schedule(waitMs, () => {
        stop();
        resolve();
      });
      const stop = this.#onEnd(attempt, (ended) => {
        cancel();
        reject(ended);
      });
    });
  }

  /** Calls back once when the call's time is over, it is aborted, or the client closes. */
  #onEnd(attempt: Attempt, callback: (error: KubeError) => void): () => void {
    const { options, operation } = attempt.call;
    const end = (error: KubeError) => {
      stop();
      callback(error);
    };
    const onAbort = () => end(abortedError(operation));
    const onClose = () => end(closedError(operation));
    const onTimeout = () =>
      end(
        new KubeError({
          reason: 'Timeout',
          operation,
          message: `${operation.verb} ${operation.path}: no free slot in time`,
        }),
      );
    const cancelTimer = this.clock.schedule(
      Math.max(0, attempt.endsAt - this.clock.now()),
      onTimeout,
    );
    options.signal?.addEventListener('abort', onAbort, { once: true });
    this.closing.signal.addEventListener('abort', onClose, { once: true });
    const stop = () => {
      cancelTimer();
      options.signal?.removeEventListener('abort', onAbort);
      this.closing.signal.removeEventListener('abort', onClose);
    };
    return stop;
  }

  #countConnection(kind: 'call' | 'watch', event: 'opened' | 'closed'): void {
    if (event === 'closed') {
      this.#counts.open -= 1;
    } else {
      this.#counts.open += 1;
      if (kind === 'call') this.#counts.opened += 1;
      else this.#counts.watchOpened += 1;
    }
    this.#options.observe?.onConnection?.(kind, event);
  }
}

/** The server took nothing and says when to come again. */
function isRefusal(error: KubeError): boolean {
  if (error.status === 429) return true;
  return error.status === 503 && error.retryAfterMs !== null;
}

function abortedError(operation: KubeOperation): KubeError {
  return new KubeError({
    reason: 'Aborted',
    operation,
    message: `${operation.verb} ${operation.path}: the call was cancelled`,
  });
}

export function closedError(operation: KubeOperation): KubeError {
  return new KubeError({
    reason: 'Closed',
    operation,
    message: `${operation.verb} ${operation.path}: the client was closed`,
  });
}
