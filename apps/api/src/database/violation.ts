/**
 * The one place where a broken database constraint becomes a problem of the domain: repositories
 * name the constraint and the problem code, everything else is a defect and passes through.
 */
import type { ProblemCode } from '@moorage/contract';
import { Problem } from '../http/problem.js';

// PostgreSQL class 23: foreign key, unique, check, exclusion
const CONSTRAINT_STATES = new Set(['23503', '23505', '23514', '23P01']);

/** The name of the constraint (or unique index) that the statement broke, if that is what failed. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('constraint' in error)) return undefined;
  return CONSTRAINT_STATES.has(String(error.code)) ? String(error.constraint) : undefined;
}

/** Runs the statement; a broken constraint that is named in `codes` becomes that problem. */
export async function refuseViolations<T>(
  codes: Readonly<Record<string, ProblemCode>>,
  statement: () => Promise<T>,
): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    const code = codes[violatedConstraint(error) ?? ''];
    if (code === undefined) throw error;
    throw new Problem(code);
  }
}
