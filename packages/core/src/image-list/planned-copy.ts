/** One image of a list on its way, and where all of them go. */
export interface PlannedCopy {
  readonly line: number;
  readonly source: string;
  readonly target: string;
}

export interface CopyTarget {
  readonly address: string;
  readonly path: string | null;
  readonly scheme: 'http' | 'https';
}
