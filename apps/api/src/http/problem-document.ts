/** From any thrown value to the document that is sent: the one place where codes become statuses. */
import { PROBLEMS, type ProblemCode, type ProblemDocument } from '@moorage/contract';
import { HttpException } from '@nestjs/common';
import { DatabaseUnavailable } from '../database/unavailable.js';
import { Problem } from './problem.js';

export interface RenderedProblem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly document: ProblemDocument;
  /** a defect: to be logged with its stack */
  readonly defect: boolean;
}

// Fastify's own errors (https://fastify.dev/docs/latest/Reference/Errors/) by code
const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.malformed',
  FST_ERR_BAD_URL: 'request.malformed',
  FST_ERR_ASYNC_CONSTRAINT: 'request.malformed',
  FST_ERR_MAX_LIMIT_EXCEEDED: 'request.malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'request.malformed',
};

/** What to do about those that are often met; the others say their title. */
const FASTIFY_DETAILS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY:
    'The header Content-Type announces JSON, but the body is empty: send one, or leave the header out.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON.',
};

// PostgreSQL stores no U+0000 in text (22021) or jsonb (22P05), the only text of ours that it refuses.
const UNSTORABLE_TEXT = new Set(['22021', '22P05']);

/** See `BODY_LIMIT_BYTES` in `server.ts`; a test holds the two against each other. */
const BODY_TOO_LARGE = 'A request body has at most 4 MiB.';

const STATUS_CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'request.malformed',
  404: 'request.not-found',
  405: 'request.method-not-allowed',
  413: 'request.too-large',
  415: 'request.media-type',
  429: 'request.rate-limited',
};

/** Clients wait this long before the next try; a restarting Postgres takes a few seconds. */
const RETRY_AFTER_SECONDS = '5';

export function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseUnavailable) return new Problem('database.unavailable');
  if (error instanceof HttpException) {
    const code = STATUS_CODES[error.getStatus()];
    // Nest wraps what Fastify's body parser throws.
    return code === undefined ? undefined : refusalOf(code, FASTIFY_DETAILS[nameOf(error.cause)]);
  }
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && UNSTORABLE_TEXT.has(String(error.code)))
    return new Problem('request.invalid', 'A text holds the character U+0000.');
  const code = FASTIFY_CODES[nameOf(error)];
  if (code !== undefined) return refusalOf(code, FASTIFY_DETAILS[nameOf(error)]);
  // A body parser's SyntaxError carries a status only; its message quotes the body and is dropped.
  if ('statusCode' in error && typeof error.statusCode === 'number') {
    const byStatus = STATUS_CODES[error.statusCode];
    if (byStatus !== undefined) return refusalOf(byStatus);
  }
  return undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What never reached a route, in our own words. */
function refusalOf(code: ProblemCode, detail?: string): Problem {
  return new Problem(code, code === 'request.too-large' ? BODY_TOO_LARGE : detail);
}

export function renderProblem(error: unknown, requestId: string): RenderedProblem {
  const known = asProblem(error);
  const problem = known ?? new Problem('server.error');
  const [status, title] = PROBLEMS[problem.code];
  return {
    status,
    headers: headersOf(problem, status),
    defect: known === undefined || problem.code === 'server.error',
    document: {
      ...problem.extra.members,
      type: `urn:moorage:problem:${problem.code}`,
      title,
      status,
      code: problem.code,
      detail: problem.detail ?? `${title}.`,
      requestId,
      ...(problem.extra.errors === undefined ? {} : { errors: [...problem.extra.errors] }),
    },
  };
}

function headersOf(problem: Problem, status: number): Record<string, string> {
  const headers: Record<string, string> = {
    'cache-control': 'no-store',
    'content-type': 'application/problem+json; charset=utf-8',
  };
  if (status === 503) headers['retry-after'] = RETRY_AFTER_SECONDS;
  const retryAfter = problem.extra.members?.['retryAfterSeconds'];
  if (status === 429 && typeof retryAfter === 'number') headers['retry-after'] = String(retryAfter);
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="moorage"';
  return headers;
}
