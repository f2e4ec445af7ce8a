/**
 * One request and its reply over an undici dispatcher, with the three bounds that every outside
 * call has: time (whole exchange), size and an abort signal.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With query. */
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | null;
}

export interface WireReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ExchangeBounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

export class ExchangeTimeoutError extends Error {
  override readonly name = 'ExchangeTimeoutError';
}

export class ReplyTooLargeError extends Error {
  override readonly name = 'ReplyTooLargeError';
}

/** The caller's signal ended the exchange. */
export class ExchangeAbortedError extends Error {
  override readonly name = 'ExchangeAbortedError';
}

/** The server speaks only HTTP/1.1. Nothing was sent: any request may be sent again. */
export class DowngradedError extends Error {
  override readonly name = 'DowngradedError';
}

/** Reads the whole reply. */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  bounds: ExchangeBounds,
): Promise<WireReply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return stream(dispatcher, request, {
    timeoutMs: bounds.timeoutMs,
    totalTimeoutMs: bounds.timeoutMs,
    signal: bounds.signal,
    onChunk: (chunk) => {
      bytes += chunk.length;
      if (bytes > bounds.maxBytes)
        throw new ReplyTooLargeError(`reply longer than ${bounds.maxBytes} bytes`);
      chunks.push(chunk);
    },
  }).then(({ status, headers }) => {
    const [only] = chunks;
    return {
      status,
      headers,
      body: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes),
    };
  });
}

export interface StreamBounds {
  /** Until the headers. */
  readonly timeoutMs: number;
  /** Until the end, or null: the receiver watches over it. */
  readonly totalTimeoutMs: number | null;
  readonly signal: AbortSignal | undefined;
  /** The reply has begun. */
  readonly onHead?: (status: number) => void;
  readonly onChunk: (chunk: Buffer, status: number) => void;
}

export interface StreamEnd {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Hands on the reply as it arrives; resolves when the server has ended it. */
export function stream(
  dispatcher: Dispatcher,
  request: WireRequest,
  bounds: StreamBounds,
): Promise<StreamEnd> {
  const { signal } = bounds;
  if (signal?.aborted === true) return Promise.reject(new ExchangeAbortedError('aborted'));
  const options: Dispatcher.DispatchOptions = {
    method: request.method,
    path: request.path,
    headers: [...request.headers],
    body: request.body,
    headersTimeout: bounds.timeoutMs,
    bodyTimeout: bounds.totalTimeoutMs ?? 0,
  };
  return new Promise((resolve, reject) => {
    const call = new StreamingCall(bounds, resolve, reject);
    try {
      dispatcher.dispatch(options, call);
    } catch (error) {
      call.onResponseError(
        null,
        error instanceof Error ? error : new Error('dispatch failed', { cause: error }),
      );
    }
  });
}

class StreamingCall implements Dispatcher.DispatchHandler {
  readonly #bounds: StreamBounds;
  readonly #resolve: (end: StreamEnd) => void;
  readonly #reject: (error: Error) => void;
  readonly #onAbort = () => this.#end(new ExchangeAbortedError('aborted'));
  // One timer for the whole exchange: undici's own restart with every chunk, so a server that
  // drips a byte at a time would never reach them.
  #timer: NodeJS.Timeout | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #settled = false;

  constructor(
    bounds: StreamBounds,
    resolve: (end: StreamEnd) => void,
    reject: (error: Error) => void,
  ) {
    this.#bounds = bounds;
    this.#resolve = resolve;
    this.#reject = reject;
    bounds.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#startTimer(bounds.totalTimeoutMs ?? bounds.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Settled while it waited for a connection: it must not be sent any more.
    if (this.#settled) controller.abort(new ExchangeAbortedError('aborted'));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#headers = headers;
    if (this.#bounds.totalTimeoutMs === null) this.#stopTimer();
    this.#bounds.onHead?.(status);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    try {
      this.#bounds.onChunk(chunk, this.#status);
    } catch (error) {
      this.#end(
        error instanceof Error ? error : new Error('the receiver failed', { cause: error }),
      );
    }
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    this.#resolve({ status: this.#status, headers: this.#headers });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (!this.#settle()) return;
    this.#reject(error);
  }

  #end(error: Error): void {
    if (!this.#settle()) return;
    this.#controller?.abort(error);
    this.#reject(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#stopTimer();
    this.#bounds.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }

  #startTimer(ms: number): void {
    this.#timer = setTimeout(
      () => this.#end(new ExchangeTimeoutError(`no reply within ${ms} ms`)),
      ms,
    );
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
