export interface TargetSettings {
  readonly include: string[];
  readonly exclude: string[];
  readonly matchLabels: Record<string, string>;
  readonly serviceAccounts: 'default' | 'all' | 'none' | 'named';
  readonly serviceAccountNames: string[];
  readonly secretName: string;
  readonly attach: 'service-account' | 'none';
  readonly nodeConfigEnabled: boolean;
  readonly nodeConfigDistribution: 'k3s' | 'rke2';
  readonly limitedToGrants: boolean;
  readonly attachedBeyondDefault: boolean;
}

/** A target with what is known of its cluster and how it stands. */
export interface TargetRow extends TargetSettings {
  readonly id: string;
  readonly environmentId: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly simulated: boolean;
  readonly state: 'active' | 'removing';
  readonly nodeConfigState: 'in-sync' | 'pending' | 'failed' | 'conflict' | null;
  readonly nodeConfigError: string | null;
  readonly lastSyncedAt: Date | null;
  readonly lastErrorCode: string | null;
  readonly lastErrorDetail: string | null;
  readonly namespaces: number;
  readonly inSync: number;
  readonly pending: number;
  readonly failed: number;
  readonly conflicts: number;
  readonly createdAt: Date;
  readonly version: number;
}

export interface TargetNamespaceRow {
  readonly namespace: string;
  readonly state: 'in-sync' | 'pending' | 'failed' | 'conflict' | 'ignored';
  readonly code: string | null;
  readonly detail: string | null;
  readonly conflictChoice: 'adopt' | 'skip' | null;
  readonly changedAt: Date;
}

/** A cluster as the rules about targets need it. */
export interface ClusterForTarget {
  readonly id: string;
  readonly name: string;
  readonly state: 'active' | 'removing';
  readonly simulated: boolean;
  /** Globs that the environment was granted; null = none. */
  readonly grants: string[] | null;
}
