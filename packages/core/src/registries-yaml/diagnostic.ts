/**
 * One finding about a `registries.yaml`: what, where, how bad, and what to write instead. Codes are
 * stable; messages are for people and never hold a secret from the document.
 *
 * Does not handle: translation; `parameters` and the table of codes are what other languages need.
 */
import type { FindingParameters, WithParameters } from '../finding-parameters.js';
import type { RegistriesYamlCode, RuleCode, registriesYamlCodes } from './codes.js';

export type Severity = 'error' | 'warning' | 'info';

/** One-based, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const documentStart: Position = { line: 1, column: 1 };

export interface Diagnostic extends Position {
  readonly severity: Severity;
  readonly code: RegistriesYamlCode;
  /** Where in the document, `mirrors["docker.io"].endpoint[0]`; empty for the document itself. */
  readonly path: string;
  readonly message: string;
  /** What to do; null when there is nothing to do. */
  readonly suggestion: string | null;
  /** What the message names, as the table of codes says. */
  readonly parameters: FindingParameters;
}

export type PathSegment = string | number;

/** `mirrors`, `docker.io`, `endpoint`, `0` → `mirrors["docker.io"].endpoint[0]`. */
export function formatPath(segments: readonly PathSegment[]): string {
  return segments
    .map((segment, index) => {
      if (typeof segment === 'number') {
        return `[${segment}]`;
      }
      const isPlain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(segment);
      return isPlain ? `${index === 0 ? '' : '.'}${segment}` : `[${JSON.stringify(segment)}]`;
    })
    .join('');
}

export interface Finding {
  readonly severity: Severity;
  readonly code: Diagnostic['code'];
  readonly path: readonly PathSegment[];
  readonly at: Position;
  readonly message: string;
  readonly suggestion?: string;
  readonly parameters: FindingParameters;
}

/** The sentences of a finding, and what they name. */
export type Words<C extends RuleCode> = {
  readonly message: string;
  readonly suggestion?: string;
} & WithParameters<typeof registriesYamlCodes, `registries-yaml.${C}`>;

export function found<C extends RuleCode>(
  severity: Severity,
  code: C,
  path: readonly PathSegment[],
  at: Position,
  { message, suggestion, parameters }: Words<C>,
): Finding {
  return {
    severity,
    code: `registries-yaml.${code}`,
    path,
    // Only the place: what stands there in the tree may be a secret.
    at: { line: at.line, column: at.column },
    message,
    ...(suggestion !== undefined && { suggestion }),
    parameters: parameters ?? {},
  };
}

export function toDiagnostic(finding: Finding): Diagnostic {
  return {
    severity: finding.severity,
    code: finding.code,
    path: formatPath(finding.path),
    line: finding.at.line,
    column: finding.at.column,
    message: finding.message,
    suggestion: finding.suggestion ?? null,
    parameters: finding.parameters,
  };
}

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** In the order of the document; at one place the worst first. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) =>
      a.line - b.line ||
      a.column - b.column ||
      ranks[a.severity] - ranks[b.severity] ||
      (a.code < b.code ? -1 : Number(a.code > b.code)),
  );
}
