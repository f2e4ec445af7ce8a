/**
 * Keeps one cluster as it should be, for as long as this replica holds its lease. Level-triggered:
 * whatever happens only says which namespaces to look at; looking means to plan from the desired
 * state and the watch caches, to make the changes, and to write down how it stands.
 */
import { type NamespacePlan, planNamespace, type Reason } from '@moorage/core';
import {
  describeClusterError,
  isKubeError,
  type KubeClient,
  type KubeError,
  resourcePath,
  type VersionInfo,
  type WatchState,
} from '@moorage/kube';
import type { Log } from '../config/log.js';
import { BlockedObjects } from './blocked-objects.js';
import { classifyFailure, type Failure } from './change-outcome.js';
import type { ClusterStore } from './cluster-store.js';
import { DesiredCluster } from './desired-cluster.js';
import { ForeignSecrets } from './foreign-secrets.js';
import { KeyedQueue, type Priority } from './keyed-queue.js';
import { type Lease, LeaseLost } from './lease.js';
import { ChangeFailed, NamespaceWriter, PlanOutdated } from './namespace-writer.js';
import { NodeConfigWriter, nodeConfigPlace } from './node-config-writer.js';
import { ObservedCluster } from './observed-cluster.js';
import { ProgressLog } from './progress.js';
import { retryDelayMs } from './retry-delay.js';
import type { ContentHash } from './slim-objects.js';

/** A foreign Secret may go away at any time, and its going is not among the events that we see. */
const RECHECK_MS = 30_000;
/** Refused for good is looked at again after this: permissions get repaired without telling us. */
const UNBLOCK_MS = 5 * 60_000;
/** Plans of one namespace in a row without an end: something fights with us; wait a little. */
const MAX_ROUNDS = 8;
const LEASE_RETRY_MS = 1_000;
/** Namespaces planned between two turns of the event loop; 500 take a few milliseconds. */
const SWEEP_CHUNK = 500;

export interface ClusterSyncParts {
  readonly lease: Lease;
  readonly client: KubeClient;
  readonly store: ClusterStore;
  readonly installationId: string;
  readonly contentHash: ContentHash;
  readonly log: Log;
}

export class ClusterSync {
  readonly #parts: ClusterSyncParts;
  readonly #stop = new AbortController();
  readonly #observed: ObservedCluster;
  readonly #foreign: ForeignSecrets;
  readonly #blocked = new BlockedObjects();
  readonly #progress: ProgressLog;
  readonly #queue: KeyedQueue;
  readonly #writer: NamespaceWriter;
  readonly #nodeConfig: NodeConfigWriter;
  readonly #attempts = new Map<string, number>();
  readonly #touched = new Set<string>();
  #desired = DesiredCluster.empty;
  /** The desired state with which every namespace was planned once. */
  #swept = DesiredCluster.empty;
  #refreshing: Promise<void> | null = null;
  #refreshAgain = false;
  #ready = false;
  #failures = 0;
  #version: string | null = null;

  constructor(parts: ClusterSyncParts) {
    this.#parts = parts;
    const { client, lease, store, installationId, contentHash } = parts;
    this.#foreign = new ForeignSecrets(client, installationId);
    this.#progress = new ProgressLog((batch) => store.saveProgress(batch));
    this.#observed = new ObservedCluster(client, {
      installationId,
      contentHash,
      onChange: (namespace) => this.#changed(namespace),
      onState: (state, error) => this.#contact(state, error),
    });
    this.#queue = new KeyedQueue({
      work: (namespace, priority) => this.#look(namespace, priority),
      onIdle: () => void this.#rest(),
    });
    this.#writer = new NamespaceWriter({
      client,
      lease,
      installationId,
      observed: this.#observed,
      foreign: this.#foreign,
      contentOf: (targetId, contentHash_) => {
        const delivered = this.#desired.target(targetId)?.delivered;
        return delivered?.contentHash === contentHash_ ? delivered.content : null;
      },
    });
    this.#nodeConfig = new NodeConfigWriter({
      client,
      lease,
      installationId,
      observed: this.#observed,
    });
  }

  get observed(): ObservedCluster {
    return this.#observed;
  }

  get desired(): DesiredCluster {
    return this.#desired;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** Runs until `close`. Rejects only when it was closed before the first picture was complete. */
  async run(): Promise<void> {
    const { store } = this.#parts;
    this.#progress.restore(await store.loadNamespaceRows());
    this.#desired = await store.loadDesired();
    await this.#observed.start(this.#stop.signal, this.#desired.needsAllAccounts);
    this.#ready = true;
    this.#every(RECHECK_MS, () => this.#recheckForeign());
    this.#every(UNBLOCK_MS, () => this.#unblock());
    await this.refresh();
  }

  /** Something about the desired state changed: reads it again and looks at every namespace. */
  refresh(): Promise<void> {
    if (this.#refreshing !== null) {
      this.#refreshAgain = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#refreshUntilQuiet().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** While the desired state is being read nobody knows yet whether it matters: then it does. */
  environmentChanged(environmentId: string | null): void {
    if (this.#refreshing !== null || this.#desired.concerns(environmentId)) void this.refresh();
  }

  /** Asked for by hand: forgets why it waited. */
  async lookNow(): Promise<void> {
    this.#blocked.clear();
    this.#attempts.clear();
    this.#queue.resume();
    await this.#recheckForeign();
    await this.refresh();
    for (const { row } of this.#desired.targets) this.#touched.add(row.id);
    if (this.#queue.isIdle) await this.#rest();
  }

  async close(): Promise<void> {
    this.#ready = false;
    this.#parts.lease.release();
    this.#stop.abort();
    this.#queue.close();
    this.#observed.close();
    this.#progress.close();
    await this.#parts.client.close();
  }

  async #refreshUntilQuiet(): Promise<void> {
    do {
      this.#refreshAgain = false;
      try {
        const desired = await this.#parts.store.loadDesired();
        if (desired.needsAllAccounts) await this.#observed.widenAccounts();
        this.#desired = desired;
        this.#blocked.clear();
        await this.#sweep();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#parts.log.warn({ err: error }, 'reading the desired state failed');
        await pause(retryDelayMs(5), this.#stop.signal);
        this.#refreshAgain = true;
      }
    } while (this.#refreshAgain && !this.#stop.signal.aborted);
  }

  /** Plans every namespace, writes down what it finds, and queues those with something to do. */
  async #sweep(): Promise<void> {
    if (!this.#ready) return;
    const desired = this.#desired;
    const names = new Set([...this.#observed.namespaceNames(), ...this.#progress.namespaces()]);
    let planned = 0;
    for (const name of names) {
      if ((this.#plan(name)?.changes.length ?? 0) > 0) this.#queue.add(name, 'normal');
      planned += 1;
      if (planned % SWEEP_CHUNK === 0) await nextTurn();
    }
    this.#swept = desired;
    await this.#syncNodeConfig();
    if (this.#queue.isIdle) await this.#rest();
  }

  #changed(namespace: string): void {
    if (namespace === nodeConfigPlace.namespace) void this.#syncNodeConfig();
    this.#blocked.forget(namespace);
    this.#queue.add(namespace, 'urgent');
  }

  /** Null when there is no such namespace (any more). */
  #plan(name: string): NamespacePlan | null {
    const view = this.#observed.view(name);
    if (view === null) {
      this.#foreign.forgetNamespace(name);
      for (const { row } of this.#desired.targets) this.#progress.record(row.id, name, null);
      return null;
    }
    const plan = planNamespace({
      ...view,
      targets: this.#desired.inNamespace(view.namespace, (id) =>
        this.#progress.attachedName(id, name),
      ),
      foreignSecrets: this.#foreign.in(name),
      blocked: this.#blocked.in(name),
    });
    for (const [targetId, verdict] of plan.verdicts) {
      const { contentHash } = this.#desired.target(targetId)?.delivered ?? { contentHash: null };
      const recorded = verdict === null ? null : { ...verdict, contentHash };
      if (this.#progress.record(targetId, name, recorded)) this.#touched.add(targetId);
    }
    return plan;
  }

  async #look(namespace: string, priority: Priority): Promise<number | null> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (this.#stop.signal.aborted || !this.#ready) return null;
      const plan = this.#plan(namespace);
      if (plan === null || plan.changes.length === 0) {
        this.#attempts.delete(namespace);
        return null;
      }
      try {
        await this.#writer.apply(namespace, plan.changes, priority);
        this.#failures = 0;
      } catch (error) {
        const waitMs = this.#judge(namespace, error);
        if (waitMs !== 'again') return waitMs;
      }
    }
    return this.#nextTry(namespace);
  }

  /** What a failure means: plan again at once, wait so long, or (null) wait for an event. */
  #judge(namespace: string, error: unknown): number | null | 'again' {
    if (error instanceof PlanOutdated) return 'again';
    if (this.#stop.signal.aborted) return null;
    const cause = error instanceof ChangeFailed ? error.cause : error;
    // The lease may be renewed yet; if not, this queue is closed.
    if (error instanceof LeaseLost || cause instanceof LeaseLost) return LEASE_RETRY_MS;
    const failure = classifyFailure(cause);
    if (failure.kind === 'refused' && error instanceof ChangeFailed) {
      this.#blocked.add(namespace, `${error.change.object}/${error.change.name}`, failure.reason);
      return 'again';
    }
    if (isKubeError(cause, 'AlreadyExists')) return 'again';
    return this.#wait(namespace, failure, cause);
  }

  #wait(namespace: string, failure: Failure, cause: unknown): number | null {
    switch (failure.kind) {
      case 'moot':
        return null;
      case 'cluster':
        this.#say(namespace, failure.reason);
        this.#pauseAll();
        return this.#nextTry(namespace);
      case 'later':
        this.#parts.log.debug({ err: cause, namespace }, 'a change failed and is tried again');
        this.#say(namespace, failure.reason);
        return Math.max(this.#nextTry(namespace), failure.afterMs ?? 0);
      default:
        return this.#nextTry(namespace);
    }
  }

  /** Why the targets that still wait in this namespace do. */
  #say(namespace: string, reason: Reason): void {
    const { namespace: here } = this.#observed.view(namespace) ?? { namespace: null };
    if (here === null) return;
    for (const { row } of this.#desired.targets) {
      this.#progress.explain(row.id, namespace, reason);
    }
  }

  #nextTry(namespace: string): number {
    const attempt = this.#attempts.get(namespace) ?? 0;
    this.#attempts.set(namespace, attempt + 1);
    return retryDelayMs(attempt);
  }

  /** The cluster as a whole does not answer: not one call per namespace to find that out again. */
  #pauseAll(): void {
    this.#failures += 1;
    this.#queue.pause(retryDelayMs(this.#failures + 2));
  }

  async #rest(): Promise<void> {
    if (!this.#ready) return;
    await this.#progress.flush();
    const touched = [...this.#touched];
    this.#touched.clear();
    const removed = this.#desired.targets
      .filter(({ row }) => row.state === 'removing' && this.#isClean(row.id))
      .map(({ row }) => row.id);
    try {
      await this.#parts.store.saveRest({ synced: touched, removed });
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'writing the state of targets failed');
      for (const id of touched) this.#touched.add(id);
      await pause(retryDelayMs(5), this.#stop.signal);
      if (this.#queue.isIdle && !this.#stop.signal.aborted) await this.#rest();
      return;
    }
    for (const id of removed) this.#progress.forgetTarget(id);
    if (removed.length > 0) await this.refresh();
  }

  #isClean(targetId: string): boolean {
    return (
      this.#swept === this.#desired &&
      this.#progress.namespacesOf(targetId).length === 0 &&
      !this.#nodeConfig.belongsTo(targetId)
    );
  }

  async #syncNodeConfig(): Promise<void> {
    if (!this.#ready) return;
    const outcome = await this.#nodeConfig.apply(this.#desired);
    await this.#parts.store.saveNodeConfig(outcome.statuses).catch((error: unknown) => {
      this.#parts.log.warn({ err: error }, 'writing the state of the node config failed');
    });
    if (outcome.retry && !this.#stop.signal.aborted) {
      await pause(retryDelayMs(6), this.#stop.signal);
      if (!this.#stop.signal.aborted) void this.#syncNodeConfig();
    }
    if (this.#queue.isIdle) void this.#rest();
  }

  async #recheckForeign(): Promise<void> {
    if (this.#foreign.isEmpty || !this.#ready) return;
    const changed = await this.#foreign.recheck().catch((error: unknown) => {
      this.#parts.log.debug({ err: error }, 'looking at foreign Secrets failed');
      return new Set<string>();
    });
    for (const namespace of changed) this.#queue.add(namespace, 'normal');
  }

  async #unblock(): Promise<void> {
    for (const namespace of this.#blocked.clear()) this.#queue.add(namespace, 'normal');
  }

  #every(ms: number, work: () => Promise<void>): void {
    const timer = setInterval(() => void work(), ms);
    timer.unref();
    this.#stop.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  #contact(state: WatchState, error: KubeError | null): void {
    if (state === 'watching') {
      this.#failures = 0;
      this.#queue.resume();
      void this.#saveContact(null);
    } else if (state === 'retrying' && error !== null) {
      void this.#saveContact(describeClusterError(error));
    }
  }

  async #saveContact(error: { code: string; detail: string } | null): Promise<void> {
    if (error === null && this.#version === null) {
      const version = await this.#parts.client
        .get<VersionInfo>(resourcePath.version())
        .catch(() => null);
      this.#version = version?.gitVersion ?? null;
    }
    const contact = {
      reachable: error === null,
      error: error === null ? null : { code: error.code, detail: error.detail },
      kubernetesVersion: this.#version,
    };
    await this.#parts.store.saveContact(contact).catch((failure: unknown) => {
      this.#parts.log.debug({ err: failure }, 'writing the last contact failed');
    });
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
