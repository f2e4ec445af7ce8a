/** What a benchmark found about one goal, and the table that is printed of it. */

export interface Finding {
  /** Of the goals, e.g. `P1`. */
  readonly goal: string;
  readonly what: string;
  readonly limit: string;
  readonly figure: string;
  /** Null: not measured, and the figure says why. */
  readonly isMet: boolean | null;
  readonly sizes: string;
}

export interface Benchmark {
  /** The goals that it has findings for; each can be asked for by name. */
  readonly goals: readonly string[];
  run(options: RunOptions): Promise<readonly Finding[]>;
}

export interface RunOptions {
  readonly full: boolean;
  /** Whether this goal was asked for: all of them when none was named. */
  wants(goal: string): boolean;
  /** Whether a goal was named: what takes minutes runs only then. */
  readonly isNamed: boolean;
  progress(line: string): void;
}

const verdict = (isMet: boolean | null) =>
  isMet === null ? 'not measured' : isMet ? 'met' : 'NOT MET';

export function formatTable(findings: readonly Finding[]): string {
  const header = ['goal', 'what', 'limit', 'figure', '', 'sizes'];
  const rows = findings.map(({ goal, what, limit, figure, isMet, sizes }) => [
    goal,
    what,
    limit,
    figure,
    verdict(isMet),
    sizes,
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

/** One finding for each goal that could not be measured. */
export function notMeasured(goals: readonly string[], reason: string): readonly Finding[] {
  return goals.map((goal) => ({
    goal,
    what: '',
    limit: '',
    figure: reason,
    isMet: null,
    sizes: '',
  }));
}
