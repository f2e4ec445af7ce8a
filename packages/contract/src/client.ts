/**
 * Typed fetch over the endpoint definitions, for the console and for tests. It has no
 * dependency on zod at run time (types only), so that it adds little to a page.
 */
import type { z } from 'zod';
import type { EndpointSpec } from './endpoint.js';
import type { ProblemDocument } from './problems.js';

type PathParams<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & PathParams<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Record<Name, string>
    : unknown;
type InputOf<S> = S extends z.ZodType ? z.input<S> : never;

export type CallInput<E extends EndpointSpec> = PathParams<E['path']> &
  (E extends { query: infer Q } ? { readonly query?: InputOf<Q> } : unknown) &
  (E extends { body: infer B } ? { readonly body: InputOf<B> } : unknown) & {
    readonly ifMatch?: number;
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
  };
export type CallReply<E extends EndpointSpec> = E extends { reply: infer R extends z.ZodType }
  ? z.output<R>
  : undefined;

/** A refused request: the problem document, and its status. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: ProblemDocument) {
    super(`${problem.code}: ${problem.detail}`);
  }
}

export interface ClientOptions {
  /** up to and with `/api/v1` */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  readonly headers?: Readonly<Record<string, string>>;
  /** every call is given up after this long; 30 s is twice the longest server-side wait */
  readonly timeoutMs?: number;
}

type LooseInput = Readonly<Record<string, unknown>> & {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: number;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

/** `/environments/:env` + `{env: 'a b'}` → `/environments/a%20b?…`. */
export function formatPath(path: string, input: LooseInput): string {
  const filled = path.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(String(input[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

async function readProblem(response: Response): Promise<ProblemDocument> {
  const text = await response.text();
  try {
    const document = JSON.parse(text) as ProblemDocument; // our own server's words; checked by `code`
    if (typeof document.code === 'string') return document;
  } catch {
    // not JSON: something between us and the server answered; described below
  }
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'server.error',
    detail: `The server answered ${response.status} without a reason.`,
    requestId: response.headers.get('x-request-id') ?? '',
  };
}

/** Calls endpoints; throws `ProblemError` for every refusal. */
export function createClient(options: ClientOptions) {
  const doFetch = options.fetch ?? fetch;
  const timeoutMs = options.timeoutMs ?? 30_000;

  return async function call<E extends EndpointSpec>(
    endpoint: E,
    input: CallInput<E>,
  ): Promise<CallReply<E>> {
    const loose = input as LooseInput; // the precise type is for callers; here every part is optional
    const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
    if (loose.body !== undefined) headers['content-type'] = 'application/json';
    if (loose.ifMatch !== undefined) headers['if-match'] = `"${loose.ifMatch}"`;
    if (loose.idempotencyKey !== undefined) headers['idempotency-key'] = loose.idempotencyKey;
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await doFetch(`${options.baseUrl}${formatPath(endpoint.path, loose)}`, {
      method: endpoint.method,
      headers,
      credentials: 'same-origin',
      redirect: 'error',
      signal: loose.signal === undefined ? timeout : AbortSignal.any([timeout, loose.signal]),
      ...(loose.body === undefined ? {} : { body: JSON.stringify(loose.body) }),
    });
    if (!response.ok) throw new ProblemError(await readProblem(response));
    if (endpoint.reply === undefined) return undefined as CallReply<E>;
    return (await response.json()) as CallReply<E>; // the server checks every reply by the same schema
  };
}
export type Client = ReturnType<typeof createClient>;
