import type { ProblemCode } from '@moorage/contract';

export interface FieldProblem {
  /** RFC 6901 pointer into the body, or the name of a query or path parameter */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** of a list, what is wrong in it; and what may have been meant */
  readonly entry?: string;
  readonly suggestion?: string;
}

export interface ProblemDetails {
  readonly errors?: readonly FieldProblem[];
  /** further members of the document, e.g. `{registryId}` of the one that has the address */
  readonly members?: Readonly<Record<string, unknown>>;
}

/**
 * A refusal with a stable code: what services throw. It knows nothing of HTTP; `ProblemFilter`
 * renders it. `detail` is shown to the caller: it never holds a secret or another tenant's words.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    readonly extra: ProblemDetails = {},
  ) {
    super(detail === undefined ? code : `${code}: ${detail}`);
  }
}

/** Missing and not-to-be-known are built here, so that they cannot differ. */
export function notFound(): Problem {
  return new Problem('object.not-found');
}

/** For an `UPDATE … WHERE id AND version` that touched nothing although the row is there. */
export function stale(): Problem {
  return new Problem('object.stale');
}
