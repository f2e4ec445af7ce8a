/**
 * What can go wrong on the way to a cluster and inside it, on command: for tests of the product's
 * behaviour and for the demo's "what if" controls.
 */
export type Unreachable = 'refused' | 'silent' | 'reset';

export interface RequestSummary {
  readonly method: string;
  readonly path: string;
  /** As in RBAC: get, list, watch, create, update, patch, delete, deletecollection; else empty. */
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** `drop-before`: nothing happens and no reply comes. `drop-after`: it happens, the reply is lost. */
export type RequestFate = 'pass' | 'drop-before' | 'drop-after';
export type Interceptor = (request: RequestSummary) => RequestFate | Promise<RequestFate>;

export interface Throttle {
  /** Of all requests, 0 to 1. Spread evenly, without chance. */
  readonly share: number;
  readonly retryAfterSeconds: number;
}

export interface ForcedFailure {
  readonly status: number;
  readonly retryAfterSeconds?: number;
}

export interface RequestVerdict {
  readonly delayMs: number;
  readonly failure: ForcedFailure | undefined;
}

export class RequestFaults {
  #delayMs = 0;
  #throttle: Throttle | undefined;
  #owed = 0;
  #failures: ForcedFailure[] = [];
  #interceptor: Interceptor | undefined;

  setDelay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** 429 with Retry-After on a share of the requests, watches included; undefined ends it. */
  setThrottle(throttle: Throttle | undefined): void {
    this.#throttle = throttle;
    this.#owed = 0;
  }

  /** The next `count` requests answer this status. */
  failNext(count: number, failure: ForcedFailure): void {
    this.#failures.push(...Array.from({ length: count }, () => failure));
  }

  setInterceptor(interceptor: Interceptor | undefined): void {
    this.#interceptor = interceptor;
  }

  /** What happens to this request; asking consumes the next planned failure. */
  judge(): RequestVerdict {
    return { delayMs: this.#delayMs, failure: this.#failures.shift() ?? this.#throttled() };
  }

  async fateOf(request: RequestSummary): Promise<RequestFate> {
    return (await this.#interceptor?.(request)) ?? 'pass';
  }

  #throttled(): ForcedFailure | undefined {
    const throttle = this.#throttle;
    if (throttle === undefined) return undefined;
    this.#owed += throttle.share;
    // Without the tolerance three times 1/3 would stay just below one.
    if (this.#owed < 1 - 1e-9) return undefined;
    this.#owed -= 1;
    return { status: 429, retryAfterSeconds: throttle.retryAfterSeconds };
  }
}
