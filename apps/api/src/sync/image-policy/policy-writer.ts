/**
 * Makes the writes that a plan asks for: under the lease, each on the very object that was seen,
 * and never on one without our marks. Whole objects are replaced: a merge would leave what somebody
 * added to a policy by hand.
 */
import {
  type AdmissionKind,
  type AdmissionObject,
  type AdmissionStep,
  isMarkedAs,
  type PolicyHalf,
  planAdmission,
  SYNC_MARKS,
} from '@moorage/core';
import { isKubeError, type KubeClient } from '@moorage/kube';
import {
  type AdmissionVersion,
  type AdmissionVersions,
  admissionPath,
  apiVersionOf,
  versionOf,
} from '../../clusters/admission-resources.js';
import type { Lease } from '../lease.js';
import {
  type AdmissionPolicyObject,
  digestOfSpec,
  type NamedAdmission,
  type ObservedPolicies,
} from './observed-policies.js';
import type { PolicyWish } from './policy-wishes.js';

export interface PolicyWriterParts {
  readonly client: KubeClient;
  readonly lease: Lease;
  readonly observed: ObservedPolicies;
}

/** An object of our name without our marks. */
export class ForeignPolicy extends Error {
  constructor(kind: AdmissionKind, name: string) {
    super(`A ${kind} ${name} that is not ours exists in the cluster: delete it or rename it.`);
  }
}

export interface WriteTask {
  readonly name: string;
  readonly wanted: Pick<
    NonNullable<PolicyWish['compiled']>,
    'whitelist' | 'defaultRegistry'
  > | null;
  /** Halves that stay as they are. */
  readonly kept: ReadonlySet<PolicyHalf>;
  readonly versions: AdmissionVersions;
  /** Resolves when the cluster is seen to follow what was written of that half, or is not asked. */
  readonly settle: (half: PolicyHalf) => Promise<void>;
}

/**
 * The API server reads policies and bindings anew once a second, each for itself: after this it is
 * sure to have them as they are.
 */
export const SETTLE_MS = 1_500;

/** What was written of one half of a policy. */
export interface WriteMark {
  /** What was proven before the last write is not any more. */
  readonly count: number;
  /** Before this an answer may come from what stood there before and looked the same. */
  readonly settledAt: number;
}

const UNWRITTEN: WriteMark = { count: 0, settledAt: 0 };

export class PolicyWriter {
  readonly #parts: PolicyWriterParts;
  /** How the cluster stored what we wrote: a field that only a newer API server knows is no edit. */
  readonly #storedAs = new Map<
    string,
    { readonly contentHash: string | null; readonly digest: string }
  >();
  readonly #marks = new Map<string, WriteMark>();

  constructor(parts: PolicyWriterParts) {
    this.#parts = parts;
  }

  markOf(name: string, half: PolicyHalf): WriteMark {
    return this.#marks.get(`${half} ${name}`) ?? UNWRITTEN;
  }

  plan({
    name,
    wanted,
    kept,
  }: Pick<WriteTask, 'name' | 'wanted' | 'kept'>): readonly AdmissionStep[] {
    const observed = this.#parts.observed.all().get(name) ?? [];
    const steps = planAdmission(wanted, {
      observed,
      isCurrent: (found, object) =>
        isMarkedAs(found, object) && this.#isStoredAs(name, found, object),
    });
    return steps.filter((step) => step.action === 'settle' || !kept.has(halfOf(kindOf(step))));
  }

  /** Makes every change that is missing; throws what stopped it. */
  async bring(task: WriteTask): Promise<void> {
    for (const step of this.plan(task)) {
      if (step.action === 'settle') await task.settle(step.half);
      else await this.#write(task, step);
    }
  }

  async #write(task: WriteTask, step: Exclude<AdmissionStep, { action: 'settle' }>): Promise<void> {
    const { lease } = this.#parts;
    const kind = kindOf(step);
    const version = versionOf(kind, task.versions);
    // Not served any more: nothing of it can be in force, and there is nothing to write to.
    if (version === null) return;
    lease.assertHeld();
    this.#mark(task.name, kind, step.action === 'delete' ? null : step.object);
    if (step.action === 'delete') return await this.#delete(step, version, task.name);
    const body = { ...step.object, apiVersion: apiVersionOf(version) };
    if (step.action === 'create') return await this.#create(step.object, body, version);
    const { uid, resourceVersion } = step;
    await this.#replace(step.object, { body, uid, resourceVersion, version });
  }

  #mark(name: string, kind: AdmissionKind, object: AdmissionObject | null): void {
    const half = halfOf(kind);
    const { count, settledAt } = this.markOf(name, half);
    // A new list says its own revision; a rewriting does not, nor does what is put back.
    const isAlike = half === 'default-registry' || (object !== null && this.#isPutBack(object));
    const next = isAlike ? performance.now() + SETTLE_MS : settledAt;
    this.#marks.set(`${half} ${name}`, { count: count + 1, settledAt: next });
  }

  #isPutBack(object: AdmissionObject): boolean {
    const { kind, metadata } = object;
    const hash = contentHashOf(object);
    const observed = this.#parts.observed.all().get(metadata.name) ?? [];
    return (
      this.#storedAs.get(`${kind} ${metadata.name}`)?.contentHash === hash ||
      observed.some((found) => found.kind === kind && found.contentHash === hash)
    );
  }

  async #create(object: AdmissionObject, body: object, version: AdmissionVersion): Promise<void> {
    const { kind, metadata } = object;
    const { client } = this.#parts;
    try {
      this.#stored(object, await client.create(admissionPath(kind, version), body));
    } catch (error) {
      if (!isKubeError(error, 'AlreadyExists')) throw error;
      const found = await this.#findUnmarked(kind, version, metadata.name);
      // Gone again, or ours and the watch has not told yet: look again.
      if (found === 'unknown') throw error;
      if (found === 'foreign') throw new ForeignPolicy(kind, metadata.name);
      await this.#replace(object, { body, ...found, version });
    }
  }

  async #replace(
    object: AdmissionObject,
    write: {
      body: object;
      uid: string;
      resourceVersion: string;
      version: AdmissionVersion;
    },
  ): Promise<void> {
    const { kind, metadata } = object;
    const { uid, resourceVersion } = write;
    const body = { ...write.body, metadata: { ...metadata, uid, resourceVersion } };
    const path = admissionPath(kind, write.version, metadata.name);
    this.#stored(object, await this.#parts.client.replace(path, body));
  }

  async #delete(
    { kind, uid }: { kind: AdmissionKind; uid: string },
    version: AdmissionVersion,
    name: string,
  ): Promise<void> {
    await this.#parts.client.delete(admissionPath(kind, version, name), { uid });
    this.#parts.observed.absorbDeletion(uid);
  }

  /** What holds our name though our watch does not see it. */
  async #findUnmarked(
    kind: AdmissionKind,
    version: AdmissionVersion,
    name: string,
  ): Promise<'foreign' | 'unknown' | { uid: string; resourceVersion: string }> {
    const { client, observed } = this.#parts;
    const { items } = await client.list(admissionPath(kind, version), {
      fieldSelector: `metadata.name=${name}`,
      projection: 'metadata',
    });
    const [found] = items;
    if (found === undefined || observed.isMarked(found)) return 'unknown';
    const { uid = '', resourceVersion = '' } = found.metadata;
    // Somebody stripped our marks from an object that we have seen as ours.
    return observed.isOurs(uid) ? { uid, resourceVersion } : 'foreign';
  }

  #stored(object: AdmissionObject, reply: AdmissionPolicyObject): void {
    const { kind, metadata } = object;
    this.#parts.observed.absorb(kind, reply);
    this.#storedAs.set(`${kind} ${metadata.name}`, {
      contentHash: contentHashOf(object),
      digest: digestOfSpec(reply.spec ?? {}),
    });
  }

  #isStoredAs(name: string, found: ObservedLike, object: AdmissionObject): boolean {
    if (found.specDigest === digestOfWanted(object)) return true;
    const stored = this.#storedAs.get(`${found.kind} ${name}`);
    return stored?.digest === found.specDigest && stored.contentHash === contentHashOf(object);
  }
}

type ObservedLike = Pick<NamedAdmission, 'kind' | 'specDigest'>;

export function halfOf(kind: AdmissionKind): PolicyHalf {
  return kind.startsWith('Validating') ? 'whitelist' : 'default-registry';
}

function kindOf(step: Exclude<AdmissionStep, { action: 'settle' }>): AdmissionKind {
  return step.action === 'delete' ? step.kind : step.object.kind;
}

const digests = new WeakMap<AdmissionObject, string>();

function digestOfWanted(object: AdmissionObject): string {
  const digest = digests.get(object) ?? digestOfSpec(object.spec);
  digests.set(object, digest);
  return digest;
}

function contentHashOf({ metadata }: AdmissionObject): string | null {
  return metadata.annotations[SYNC_MARKS.contentHashAnnotation] ?? null;
}
