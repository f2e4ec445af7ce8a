/** Parses a request's parts by the endpoint's schemas; a failure names places and rules, never values. */
import type { EndpointSpec } from '@moorage/contract';
import { z } from 'zod';
import { type FieldProblem, Problem } from './problem.js';

const Uuid = z.uuid();
/** A body with thousands of faults is one fault to its sender. */
const MAX_ERRORS = 50;

export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
}

export function parseInput(
  endpoint: EndpointSpec,
  raw: RawInput,
): { params: unknown; query: unknown; body: unknown } {
  const errors: FieldProblem[] = [];
  const params = parseParams(endpoint, raw.params, errors);
  const query = parsePart(endpoint.query ?? NO_QUERY, raw.query ?? {}, '', errors);
  const body = parsePart(endpoint.body ?? NO_BODY, raw.body ?? undefined, '/', errors);
  if (errors.length > 0)
    throw new Problem('request.invalid', undefined, { errors: errors.slice(0, MAX_ERRORS) });
  return { params, query, body };
}

// A route without a query or body refuses one: a misplaced field must not be ignored.
const NO_QUERY = z.strictObject({});
const NO_BODY = z.undefined().or(z.strictObject({}));

/** `:env` is the guard's; a parameter that ends in `Id` is a UUID unless the definition says otherwise. */
function parseParams(
  endpoint: EndpointSpec,
  raw: Readonly<Record<string, string>>,
  errors: FieldProblem[],
): Record<string, unknown> {
  const parsed: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(raw)) {
    const schema = endpoint.params?.[name] ?? (name.endsWith('Id') ? Uuid : z.string().max(2048));
    parsed[name] = parsePart(schema, text, name, errors);
  }
  return parsed;
}

function parsePart(
  schema: z.ZodType,
  value: unknown,
  base: string,
  errors: FieldProblem[],
): unknown {
  const result = schema.safeParse(value, { reportInput: false });
  if (result.success) return result.data;
  for (const issue of result.error.issues) errors.push(...describeIssue(issue, base));
  return undefined;
}

function describeIssue(issue: z.core.$ZodIssue, base: string): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    // The key's name comes from the sender; a JSON reply escapes it, a log never sees it.
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key], base),
      code: 'unknown-field',
      detail: 'There is no such field',
    }));
  }
  return [
    {
      pointer: pointerOf(issue.path, base),
      code: issue.code.replaceAll('_', '-'),
      detail: issue.message.slice(0, 300),
    },
  ];
}

function pointerOf(path: readonly PropertyKey[], base: string): string {
  const tail = path
    .map((part) => String(part).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1'))
    .join('/');
  return base === '' || base === '/' ? `${base}${tail}` : `${base}${tail === '' ? '' : `/${tail}`}`;
}
