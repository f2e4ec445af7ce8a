/**
 * Something that keeps the agent from doing its work and that a person has to know: a stable code
 * and one sentence. Neither holds a content of a file.
 */
import type { NodeProblemCode } from '@moorage/core';

export class AgentProblem extends Error {
  override readonly name = 'AgentProblem';

  constructor(
    readonly code: NodeProblemCode | `disk.${string}`,
    readonly detail: string,
    cause?: unknown,
  ) {
    super(detail, { cause });
  }
}

/** How the operating system's refusal of a file operation is shown: its name and the path. */
export function diskProblem(error: unknown, path: string): unknown {
  const errno = errnoOf(error);
  if (errno === null) return error;
  return new AgentProblem(`disk.${errno.toLowerCase()}`, `${path}: ${errno}`, error);
}

export function errnoOf(error: unknown): string | null {
  const isSystem = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isSystem && /^E[A-Z0-9]+$/.test(error.code as string) ? (error.code as string) : null;
}
