/**
 * Calls the API by operation: from the browser with its cookie, from the server with the visitor's.
 * Refusals are thrown as `ProblemError`; an answer that never comes is given up and says so.
 */

import type { ProblemDocument } from '@moorage/contract';
import { formatPath, ProblemError } from '@moorage/contract/client';
import { type Input, OPERATIONS, type OperationId, type Reply } from './operations';

export { ProblemError };

/** Twice the longest wait of the server for a cluster. */
const CALL_TIMEOUT_MS = 30_000;

interface Caller {
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type LooseInput = Readonly<Record<string, unknown>> & {
  readonly body?: unknown;
  readonly ifMatch?: number;
};

const FROM_BROWSER: Caller = { baseUrl: '/api/v1' };

function problemOf(status: number, code: string, detail: string, requestId = ''): ProblemError {
  return new ProblemError({ type: 'about:blank', title: code, status, code, detail, requestId });
}

async function readProblem(response: Response): Promise<ProblemError> {
  const requestId = response.headers.get('x-request-id') ?? '';
  const text = await response.text();
  try {
    const document: ProblemDocument = JSON.parse(text);
    if (typeof document.code === 'string') return new ProblemError(document);
  } catch {
    // Not JSON: something between us and the API answered; described below.
  }
  return problemOf(response.status, 'server.error', `HTTP ${response.status}`, requestId);
}

async function send(url: string, method: string, input: LooseInput, headers: HeadersInit) {
  try {
    return await fetch(url, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    });
  } catch (cause) {
    throw problemOf(0, 'network.unreachable', cause instanceof Error ? cause.message : '');
  }
}

/** One call; `caller` is given only on the server. */
export async function call<O extends OperationId>(
  operation: O,
  input: Input<O>,
  caller: Caller = FROM_BROWSER,
): Promise<Reply<O>> {
  const loose = input as LooseInput; // the precise type is for callers; here every part is optional
  const [method = 'GET', path = ''] = OPERATIONS[operation].split(' ');
  const headers: Record<string, string> = { accept: 'application/json', ...caller.headers };
  if (loose.body !== undefined) headers['content-type'] = 'application/json';
  if (loose.ifMatch !== undefined) headers['if-match'] = `"${loose.ifMatch}"`;
  const url = `${caller.baseUrl}${formatPath(path, loose)}`;
  const response = await send(url, method, loose, headers);
  if (!response.ok) throw await readProblem(response);
  const text = await response.text();
  // Our own server checks every reply against the schema that this type is inferred from.
  return (text === '' ? undefined : JSON.parse(text)) as Reply<O>;
}
