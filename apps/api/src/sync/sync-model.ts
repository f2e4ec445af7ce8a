/** The rows that sync reads and writes, in its own words. */
import type { DesiredTarget, NamespaceSelection, PolicyHalf, Verdict } from '@moorage/core';

export interface TargetRow {
  readonly id: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly selection: NamespaceSelection;
  /** Globs that the cluster's administrator granted; null = none needed. */
  readonly grants: readonly string[] | null;
  readonly serviceAccounts: DesiredTarget['serviceAccounts'];
  readonly attachedBeyondDefault: boolean;
  readonly secretName: string;
  readonly attach: DesiredTarget['attach'];
  readonly state: DesiredTarget['state'];
  readonly nodeConfig: { readonly enabled: boolean; readonly distribution: 'k3s' | 'rke2' };
}

/** What is written down about one target in one namespace. */
export interface NamespaceRow extends Verdict {
  readonly targetId: string;
  readonly namespace: string;
  readonly contentHash: string | null;
}

export interface ConflictChoice {
  readonly targetId: string;
  readonly namespace: string;
  readonly choice: 'adopt' | 'skip';
}

/** What the last contact with a cluster told. */
export interface ClusterContact {
  readonly reachable: boolean;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly kubernetesVersion: string | null;
}

export interface NodeConfigStatus {
  readonly targetId: string;
  readonly state: 'in-sync' | 'pending' | 'failed' | 'conflict' | null;
  readonly error: string | null;
}

/** How one half of an environment's image policy stands in a cluster. */
export interface ImagePolicyStatus {
  readonly environmentId: string;
  readonly half: PolicyHalf;
  readonly state:
    | 'off'
    | 'in-force'
    | 'warns'
    | 'pending'
    | 'not-proven'
    | 'failed'
    | 'conflict'
    | 'unavailable';
  readonly code: string | null;
  readonly detail: string | null;
  /** Something of it may be in the cluster: from before the first write until all is gone. */
  readonly written: boolean;
  readonly provenAt: Date | null;
  /** Of the settings that this is about. */
  readonly settingsHash: string;
}
