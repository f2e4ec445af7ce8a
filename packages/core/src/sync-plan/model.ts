/**
 * What a sync plan is made from and made of: the targets of one cluster as they should be, one
 * namespace of it as it is, and the changes that lead from the second to the first.
 *
 * Kubernetes shapes: Secret `kubernetes.io/dockerconfigjson`, ServiceAccount `imagePullSecrets`
 * (kubernetes.io/docs/reference/kubernetes-api). No secret value is part of it: contents are
 * compared by a keyed hash.
 */

/** Names of the marks that every object of ours carries. */
export const SYNC_MARKS = {
  managedByLabel: 'app.kubernetes.io/managed-by',
  managedBy: 'moorage',
  installationLabel: 'moorage.dev/installation',
  environmentLabel: 'moorage.dev/environment',
  contentHashAnnotation: 'moorage.dev/content-hash',
  targetAnnotation: 'moorage.dev/target',
  /** `"true"` on a namespace or service account: its owner wants nothing of ours there. */
  ignoreAnnotation: 'moorage.dev/ignore',
} as const;

export const PULL_SECRET_TYPE = 'kubernetes.io/dockerconfigjson';
export const PULL_SECRET_KEY = '.dockerconfigjson';

export interface Reason {
  /** Stable, `noun.reason`. */
  readonly code: string;
  readonly detail: string;
}

export interface DesiredTarget {
  readonly targetId: string;
  readonly environmentId: string;
  readonly secretName: string;
  /** Keyed hash of the Secret's content as it should be. */
  readonly contentHash: string;
  readonly serviceAccounts: 'default' | 'all' | 'none' | readonly string[];
  readonly attach: 'service-account' | 'none';
  readonly state: 'active' | 'removing';
  /** Why its Secret must not be written now; what is there stays. */
  readonly problem: Reason | null;
}

/** A target as it looks at one namespace. */
export interface TargetInNamespace {
  readonly target: DesiredTarget;
  readonly selected: boolean;
  /** What people decided about a foreign Secret of our name here. */
  readonly choice: 'adopt' | 'skip' | null;
  /**
   * Name that this target is known to have put into service accounts here. Tells our entry from
   * somebody else's of the same name when our Secret is gone.
   */
  readonly attachedName: string | null;
}

export interface ObservedNamespace {
  readonly name: string;
  readonly terminating: boolean;
  readonly ignored: boolean;
}

/** A Secret that carries our installation's marks. */
export interface ObservedSecret {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly type: string;
  readonly immutable: boolean;
  readonly environmentId: string | null;
  readonly targetId: string | null;
  /** What the annotation says. */
  readonly contentHash: string | null;
  /** Keyed hash of what it really holds. */
  readonly digest: string | null;
  /** Keys beside `.dockerconfigjson`. */
  readonly extraKeys: readonly string[];
}

/** A Secret of a name that we want, without our marks. */
export interface ForeignSecret {
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface ObservedServiceAccount {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly imagePullSecrets: readonly string[];
  readonly ignored: boolean;
  readonly terminating: boolean;
}

export interface NamespaceView {
  readonly namespace: ObservedNamespace;
  readonly targets: readonly TargetInNamespace[];
  readonly secrets: readonly ObservedSecret[];
  readonly foreignSecrets: ReadonlyMap<string, ForeignSecret>;
  readonly serviceAccounts: readonly ObservedServiceAccount[];
  /** Objects that refused a change for good, as `secret/<name>` or `service-account/<name>`. */
  readonly blocked: ReadonlyMap<string, Reason>;
}

export interface SecretWrite {
  readonly object: 'secret';
  readonly action: 'create' | 'update';
  readonly name: string;
  readonly targetId: string;
  readonly environmentId: string;
  readonly contentHash: string;
  /** Of the object to update; null for a new one. */
  readonly uid: string | null;
  readonly resourceVersion: string | null;
  /** Keys of `data` that must go. */
  readonly dropKeys: readonly string[];
  readonly reason: string;
}

export interface SecretDelete {
  readonly object: 'secret';
  readonly action: 'delete';
  readonly name: string;
  readonly targetId: string | null;
  readonly uid: string;
  readonly reason: string;
}

export interface ListEdit {
  readonly secretName: string;
  readonly targetId: string | null;
  readonly reason: string;
}

/** One write: the whole new list under the version that it was made from. */
export interface ServiceAccountChange {
  readonly object: 'service-account';
  readonly action: 'update';
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly imagePullSecrets: readonly string[];
  readonly attach: readonly ListEdit[];
  readonly detach: readonly ListEdit[];
}

export type NamespaceChange = SecretWrite | SecretDelete | ServiceAccountChange;

export interface Verdict {
  readonly state: 'in-sync' | 'pending' | 'failed' | 'conflict' | 'ignored';
  readonly code: string | null;
  readonly detail: string | null;
  /** Name that the target has, or is about to have, in service accounts here. */
  readonly attachedName: string | null;
}

export interface NamespacePlan {
  /** In the order in which they must be made. */
  readonly changes: readonly NamespaceChange[];
  /** By target; null = the target has nothing to do with this namespace (any more). */
  readonly verdicts: ReadonlyMap<string, Verdict | null>;
}
