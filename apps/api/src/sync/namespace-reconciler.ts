/**
 * One namespace at a time: plan, make the changes, plan again until nothing is left; and what a
 * failure means for the next try.
 */
import { type NamespacePlan, planNamespace, type Reason } from '@moorage/core';
import { isKubeError } from '@moorage/kube';
import type { Log } from '../config/log.js';
import type { BlockedObjects } from './blocked-objects.js';
import { classifyFailure, type Failure } from './change-outcome.js';
import type { DesiredCluster } from './desired-cluster.js';
import type { ForeignSecrets } from './foreign-secrets.js';
import type { Priority } from './keyed-queue.js';
import { LeaseLost } from './lease.js';
import { ChangeFailed, type NamespaceWriter, PlanOutdated } from './namespace-writer.js';
import type { ObservedCluster } from './observed-cluster.js';
import type { ProgressLog } from './progress.js';
import { retryDelayMs } from './retry-delay.js';
import { WriteBudget } from './write-budget.js';

/** Plans of one namespace in a row without an end: something fights with us; wait a little. */
const MAX_ROUNDS = 8;
/** The lease may be renewed yet; if not, the queue is closed before. */
const LEASE_RETRY_MS = 1_000;
const CONTESTED: Reason = {
  code: 'sync.contested',
  detail: 'Something else in the cluster keeps undoing our changes here; we give way for a while.',
};

export interface NamespaceReconcilerParts {
  readonly observed: ObservedCluster;
  readonly foreign: ForeignSecrets;
  readonly blocked: BlockedObjects;
  readonly progress: ProgressLog;
  readonly writer: NamespaceWriter;
  readonly desired: () => DesiredCluster;
  readonly isRunning: () => boolean;
  /**
   * The cluster as a whole does not answer: nothing is to be started for so long. False when that
   * is so already.
   */
  readonly pauseAll: (ms: number) => boolean;
  /** The cluster answers again after it did not. */
  readonly onAnswer: () => void;
  readonly log: Log;
}

export class NamespaceReconciler {
  readonly #parts: NamespaceReconcilerParts;
  readonly #attempts = new Map<string, number>();
  readonly #touched = new Set<string>();
  readonly #budget = new WriteBudget();
  #clusterFailures = 0;

  constructor(parts: NamespaceReconcilerParts) {
    this.#parts = parts;
  }

  /** Targets about which something was said since the last call. */
  takeTouched(): readonly string[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }

  touch(targetIds: readonly string[]): void {
    for (const id of targetIds) this.#touched.add(id);
  }

  /** Whether the last word of the cluster as a whole was that it does not answer. */
  get isClusterFailing(): boolean {
    return this.#clusterFailures > 0;
  }

  forgetFailures(): void {
    this.#attempts.clear();
    this.#clusterFailures = 0;
  }

  /** Plans and writes down how it stands. Null when there is no such namespace (any more). */
  plan(name: string): NamespacePlan | null {
    const { observed, foreign, blocked, progress } = this.#parts;
    const desired = this.#parts.desired();
    const view = observed.view(name);
    if (view === null) {
      foreign.forgetNamespace(name);
      for (const { row } of desired.targets) progress.record(row.id, name, null);
      return null;
    }
    const plan = planNamespace({
      ...view,
      targets: desired.inNamespace(view.namespace, (id) => progress.attachedName(id, name)),
      foreignSecrets: foreign.in(name),
      blocked: blocked.in(name),
    });
    for (const [targetId, verdict] of plan.verdicts) {
      const contentHash = desired.target(targetId)?.delivered.contentHash ?? null;
      const recorded = verdict === null ? null : { ...verdict, contentHash };
      if (progress.record(targetId, name, recorded)) this.#touched.add(targetId);
    }
    return plan;
  }

  /** Resolves with milliseconds after which to look again, or null. */
  async reconcile(namespace: string, priority: Priority): Promise<number | null> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (!this.#parts.isRunning()) return null;
      const plan = this.plan(namespace);
      if (plan === null || plan.changes.length === 0) {
        this.#attempts.delete(namespace);
        return null;
      }
      const waitMs = this.#budget.take(namespace, this.#parts.desired());
      if (waitMs !== null) {
        this.#explain(namespace, CONTESTED);
        return waitMs;
      }
      try {
        await this.#parts.writer.apply(namespace, plan.changes, priority);
        this.#noteAnswer();
      } catch (error) {
        const waitMs = this.#judge(namespace, error);
        if (waitMs !== 'again') return waitMs;
      }
    }
    return this.#nextTry(namespace);
  }

  #noteAnswer(): void {
    if (this.#clusterFailures === 0) return;
    this.#clusterFailures = 0;
    this.#parts.onAnswer();
  }

  /** Plan again at once, wait so long, or (null) wait for an event. */
  #judge(namespace: string, error: unknown): number | null | 'again' {
    if (error instanceof PlanOutdated) return 'again';
    if (!this.#parts.isRunning()) return null;
    const cause = error instanceof ChangeFailed ? error.cause : error;
    if (cause instanceof LeaseLost) return LEASE_RETRY_MS;
    const failure = classifyFailure(cause);
    if (failure.kind === 'refused' && error instanceof ChangeFailed) {
      const object = `${error.change.object}/${error.change.name}`;
      this.#parts.blocked.add(namespace, object, failure.reason);
      return 'again';
    }
    // Whose it is has been found out by now.
    if (isKubeError(cause, 'AlreadyExists')) return 'again';
    this.#parts.log.debug({ err: cause, namespace }, 'a change failed and is tried again');
    if ('reason' in failure) this.#explain(namespace, failure.reason);
    return this.#waitFor(namespace, failure);
  }

  #waitFor(namespace: string, failure: Failure): number | null {
    if (failure.kind === 'moot') return null;
    if (failure.kind === 'cluster') {
      // Not one call per namespace to find that out again; those that failed together count once.
      const isNew = this.#parts.pauseAll(retryDelayMs(this.#clusterFailures + 3));
      if (isNew) this.#clusterFailures += 1;
    }
    const afterMs = failure.kind === 'later' ? (failure.afterMs ?? 0) : 0;
    return Math.max(this.#nextTry(namespace), afterMs);
  }

  /** Why the targets that still wait in this namespace do. */
  #explain(namespace: string, reason: Reason): void {
    for (const { row } of this.#parts.desired().targets) {
      this.#parts.progress.explain(row.id, namespace, reason);
    }
  }

  #nextTry(namespace: string): number {
    const attempt = this.#attempts.get(namespace) ?? 0;
    this.#attempts.set(namespace, attempt + 1);
    return retryDelayMs(attempt);
  }
}
