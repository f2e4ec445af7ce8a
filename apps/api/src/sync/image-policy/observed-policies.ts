/**
 * Our admission policies in one cluster, watched only while there is something to watch: an
 * installation without a policy neither pays for it nor needs the permission.
 */
import { createHash } from 'node:crypto';
import {
  type AdmissionKind,
  actionsOf,
  admissionKinds,
  formatAdmissionSpec,
  type ObservedAdmission,
  SYNC_MARKS,
} from '@moorage/core';
import { type KubeClient, type KubeError, type KubeObject, WatchCache } from '@moorage/kube';
import {
  type AdmissionVersions,
  admissionPath,
  versionOf,
} from '../../clusters/admission-resources.js';

export interface AdmissionPolicyObject extends KubeObject {
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface NamedAdmission extends ObservedAdmission {
  readonly name: string;
}

type Cache = WatchCache<NamedAdmission, AdmissionPolicyObject>;

interface Watched {
  readonly cache: Cache;
  readonly path: string;
  complete: boolean;
  problem: KubeError | null;
}

export interface ObservedPoliciesParts {
  readonly client: KubeClient;
  readonly installationId: string;
  readonly signal: AbortSignal;
  readonly onChange: () => void;
}

export class ObservedPolicies {
  readonly #parts: ObservedPoliciesParts;
  readonly #watched = new Map<AdmissionKind, Watched>();
  /** UIDs of what we deleted, until the event comes. */
  readonly #gone = new Set<string>();
  /** Every UID that was seen with our marks: tells ours from foreign when somebody strips them. */
  readonly #ours = new Set<string>();

  constructor(parts: ObservedPoliciesParts) {
    this.#parts = parts;
  }

  /** Watches exactly these kinds, as far as the cluster serves them. */
  watch(kinds: ReadonlySet<AdmissionKind>, versions: AdmissionVersions): void {
    for (const kind of admissionKinds) {
      const version = kinds.has(kind) ? versionOf(kind, versions) : null;
      const path = version === null ? null : admissionPath(kind, version);
      const before = this.#watched.get(kind);
      if (before !== undefined && before.path === path) continue;
      before?.cache.close();
      this.#watched.delete(kind);
      if (path !== null) this.#watched.set(kind, this.#start(kind, path));
    }
  }

  /** Asks at once for what was refused, without waiting for the next try. */
  retry(): void {
    for (const [kind, watched] of this.#watched) {
      if (watched.complete || watched.problem === null) continue;
      watched.cache.close();
      this.#watched.set(kind, this.#start(kind, watched.path));
    }
  }

  stop(): void {
    for (const { cache } of this.#watched.values()) cache.close();
    this.#watched.clear();
    this.#gone.clear();
    this.#ours.clear();
  }

  /** Those of which the first picture is not there yet, and why not. */
  missing(): ReadonlyMap<AdmissionKind, KubeError | null> {
    const waiting = [...this.#watched].filter(([, { complete }]) => !complete);
    return new Map(waiting.map(([kind, { problem }]) => [kind, problem]));
  }

  /** Whether we may not even look at these kinds. */
  isBarred(kinds: readonly AdmissionKind[]): boolean {
    return kinds.some((kind) => {
      const watched = this.#watched.get(kind);
      return watched?.complete === false && watched.problem?.reason === 'Forbidden';
    });
  }

  /** By name. */
  all(): ReadonlyMap<string, readonly NamedAdmission[]> {
    const items = [...this.#watched.values()].flatMap(({ cache }) => [...cache.items.values()]);
    const present = items.filter(({ uid }) => !this.#gone.has(uid));
    return Map.groupBy(present, ({ name }) => name);
  }

  isOurs(uid: string): boolean {
    return this.#ours.has(uid);
  }

  isMarked({ metadata }: KubeObject): boolean {
    return (
      metadata.labels?.[SYNC_MARKS.managedByLabel] === SYNC_MARKS.managedBy &&
      metadata.labels[SYNC_MARKS.installationLabel] === this.#parts.installationId
    );
  }

  absorb(kind: AdmissionKind, object: AdmissionPolicyObject): void {
    this.#watched.get(kind)?.cache.absorb(object);
    if (object.metadata.uid !== undefined) this.#ours.add(object.metadata.uid);
  }

  absorbDeletion(uid: string): void {
    this.#gone.add(uid);
  }

  #start(kind: AdmissionKind, path: string): Watched {
    const { client, installationId, signal, onChange } = this.#parts;
    const cache: Cache = new WatchCache<NamedAdmission, AdmissionPolicyObject>(client, {
      name: kind,
      path,
      labelSelector: `${SYNC_MARKS.managedByLabel}=${SYNC_MARKS.managedBy},${SYNC_MARKS.installationLabel}=${installationId}`,
      slim: (object) => this.#slim(kind, object),
      onState: (state, error) => {
        if (state === 'watching') watched.problem = null;
        else if (error !== null) watched.problem = error;
        // Before the first picture somebody waits to hear why there is none.
        if (error !== null && !watched.complete) onChange();
      },
      onChange: () => {
        if (watched.complete) onChange();
      },
    });
    const watched: Watched = { cache, path, complete: false, problem: null };
    cache.start(signal);
    cache.synced.then(
      () => {
        watched.complete = true;
        onChange();
      },
      // Closed before: nobody waits any more.
      () => undefined,
    );
    return watched;
  }

  #slim(kind: AdmissionKind, { metadata, spec = {} }: AdmissionPolicyObject): NamedAdmission {
    const uid = metadata.uid ?? '';
    this.#ours.add(uid);
    return {
      kind,
      name: metadata.name,
      uid,
      resourceVersion: metadata.resourceVersion ?? '',
      environmentId: metadata.labels?.[SYNC_MARKS.environmentLabel] ?? null,
      contentHash: metadata.annotations?.[SYNC_MARKS.contentHashAnnotation] ?? null,
      specDigest: digestOfSpec(spec),
      validationActions: actionsOf(spec),
    };
  }
}

export function digestOfSpec(spec: unknown): string {
  return createHash('sha256').update(formatAdmissionSpec(spec)).digest('hex');
}
