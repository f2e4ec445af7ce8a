/**
 * One finding about a `registries.yaml`: what, where, how bad, and what to write instead. Codes are
 * stable; messages are for people and never hold a secret from the document.
 *
 * Does not handle: translation.
 */
export type Severity = 'error' | 'warning' | 'info';

/** One-based, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic extends Position {
  readonly severity: Severity;
  readonly code: `registries-yaml.${string}`;
  /** Where in the document, `mirrors["docker.io"].endpoint[0]`; empty for the document itself. */
  readonly path: string;
  readonly message: string;
  /** What to do; null when there is nothing to do. */
  readonly suggestion: string | null;
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
