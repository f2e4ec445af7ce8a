export interface ClusterErrorDescription {
  /** Stable, `cluster.*`. */
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
}

export declare function describeClusterError(error: unknown): ClusterErrorDescription;
