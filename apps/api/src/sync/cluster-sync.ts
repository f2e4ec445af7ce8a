/**
 * Keeps one cluster as it should be, for as long as this replica holds its lease. Level-triggered:
 * whatever happens only says which namespaces to look at; looking means to plan from the desired
 * state and the watch caches, to make the changes, and to write down how it stands.
 */
import type { KubeClient, KubeError, WatchState } from '@moorage/kube';
import type { Log } from '../config/log.js';
import { BlockedObjects } from './blocked-objects.js';
import { ContactLog } from './cluster-contact.js';
import type { ClusterStore } from './cluster-store.js';
import { ClusterWideSync } from './cluster-wide-sync.js';
import { DesiredCluster } from './desired-cluster.js';
import { ForeignSecrets } from './foreign-secrets.js';
import { KeyedQueue } from './keyed-queue.js';
import type { Lease } from './lease.js';
import { NamespaceReconciler } from './namespace-reconciler.js';
import { NamespaceWriter } from './namespace-writer.js';
import { ObservedCluster } from './observed-cluster.js';
import { ProgressLog } from './progress.js';
import { retryDelayMs } from './retry-delay.js';
import type { ContentHash } from './slim-objects.js';
import type { TargetRow } from './sync-model.js';

/** A foreign Secret may go away at any time, and its going is not among the events that we see. */
const RECHECK_MS = 30_000;
/** Looks at everything anew, also at what was refused for good: permissions get repaired without telling us. */
const REFRESH_MS = 5 * 60_000;
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
  readonly observed: ObservedCluster;
  readonly #parts: ClusterSyncParts;
  readonly #stop = new AbortController();
  readonly #contact: ContactLog;
  readonly #foreign: ForeignSecrets;
  readonly #blocked = new BlockedObjects();
  readonly #progress: ProgressLog;
  readonly #reconciler: NamespaceReconciler;
  readonly #queue: KeyedQueue;
  readonly #wide: ClusterWideSync;
  #desired = DesiredCluster.empty;
  /** The desired state with which every namespace was planned once. */
  #swept = DesiredCluster.empty;
  #refreshing: Promise<void> | null = null;
  #refreshAgain = false;
  #ready = false;

  constructor(parts: ClusterSyncParts) {
    this.#parts = parts;
    const { client, store, installationId, contentHash } = parts;
    const { signal } = this.#stop;
    const save: ClusterStore['saveContact'] = (contact, isNews) =>
      store.saveContact(contact, isNews);
    this.#contact = new ContactLog({ client, save, signal });
    this.#foreign = new ForeignSecrets(client, installationId);
    this.#progress = new ProgressLog((batch) => store.saveProgress(batch));
    this.observed = new ObservedCluster(client, {
      installationId,
      contentHash,
      onChange: (namespace) => this.#changed(namespace),
      onState: (watch, state, error) => this.#watchState(watch, state, error),
    });
    this.#wide = new ClusterWideSync({
      ...parts,
      observed: this.observed,
      desired: () => this.#desired,
      onDone: () => this.#restIfIdle(),
      signal,
    });
    this.#reconciler = this.#createReconciler();
    this.#queue = new KeyedQueue({
      work: (namespace, priority) => this.#reconciler.reconcile(namespace, priority),
      onIdle: () => void this.#rest(),
    });
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** Runs until `close`. Rejects only when it was closed before the first picture was complete. */
  async run(): Promise<void> {
    const { store } = this.#parts;
    this.#progress.restore(await store.loadNamespaceRows());
    await this.#wide.restore();
    this.#desired = await store.loadDesired();
    await this.observed.start(this.#stop.signal, this.#desired.needsAllAccounts);
    this.#ready = true;
    this.#every(RECHECK_MS, () => void this.#recheckForeign());
    this.#every(REFRESH_MS, () => void this.refresh());
    await this.refresh();
  }

  /** Something about the desired state changed: reads it again and looks at every namespace. */
  refresh(): Promise<void> {
    if (this.#refreshing !== null) {
      this.#refreshAgain = true;
      return this.#refreshing;
    }
    const refreshing = this.#refreshUntilQuiet();
    this.#refreshing = refreshing;
    return refreshing;
  }

  /** While the desired state is being read nobody knows yet whether it matters: then it does. */
  environmentChanged(environmentId: string | null): void {
    if (this.#refreshing !== null || this.#desired.concerns(environmentId)) void this.refresh();
  }

  /** Asked for by hand: forgets why it waited. */
  async lookNow(): Promise<void> {
    this.#blocked.clear();
    this.#reconciler.forgetFailures();
    this.#queue.resume();
    await this.#recheckForeign();
    await this.refresh();
    if (this.#ready) this.#wide.lookNow();
    this.#reconciler.touch(this.#desired.targets.map(({ row }) => row.id));
    if (this.#queue.isIdle) await this.#rest();
  }

  async close(): Promise<void> {
    this.#ready = false;
    this.#parts.lease.release();
    this.#stop.abort();
    this.#queue.close();
    this.observed.close();
    this.#progress.close();
    await this.#parts.client.close();
    await this.#parts.store.settled();
  }

  #createReconciler(): NamespaceReconciler {
    const { client, lease, installationId, log } = this.#parts;
    const { observed } = this;
    const foreign = this.#foreign;
    const writer = new NamespaceWriter({
      client,
      lease,
      installationId,
      observed,
      foreign,
      contentOf: (targetId, contentHash) => {
        const delivered = this.#desired.target(targetId)?.delivered;
        return delivered?.contentHash === contentHash ? delivered.content : null;
      },
    });
    return new NamespaceReconciler({
      observed,
      foreign,
      blocked: this.#blocked,
      progress: this.#progress,
      writer,
      log,
      desired: () => this.#desired,
      isRunning: () => this.#ready && !this.#stop.signal.aborted,
      pauseAll: (ms) => this.#queue.pause(ms),
      onAnswer: () => this.#queue.hurry(),
    });
  }

  async #refreshUntilQuiet(): Promise<void> {
    do {
      this.#refreshAgain = false;
      try {
        const desired = await this.#parts.store.loadDesired();
        // Before the first picture is complete `run` sees to it, when it is.
        if (desired.needsAllAccounts && this.#ready) await this.observed.widenAccounts();
        this.#desired = desired;
        this.#blocked.clear();
        await this.#sweep();
      } catch (error) {
        if (this.#stop.signal.aborted) break;
        this.#parts.log.warn({ err: error }, 'reading the desired state failed');
        await pause(retryDelayMs(5), this.#stop.signal);
        this.#refreshAgain = true;
      }
    } while (this.#refreshAgain && !this.#stop.signal.aborted);
    // In the same step as the last look at `#refreshAgain`: nobody can ask in between.
    this.#refreshing = null;
  }

  /** Plans every namespace, writes down what it finds, and queues those with something to do. */
  async #sweep(): Promise<void> {
    if (!this.#ready) return;
    const desired = this.#desired;
    const names = new Set([...this.observed.namespaceNames(), ...this.#progress.namespaces()]);
    let planned = 0;
    for (const name of names) {
      const plan = this.#reconciler.plan(name);
      if (plan !== null && plan.changes.length > 0) this.#queue.add(name, 'normal');
      planned += 1;
      if (planned % SWEEP_CHUNK === 0) await nextTurn();
    }
    this.#swept = desired;
    // Not waited for: a cluster that is slow to answer about it delays no pull secret.
    this.#wide.wake();
  }

  #changed(namespace: string): void {
    if (this.#ready) this.#wide.changed(namespace);
    this.#blocked.forget(namespace);
    this.#queue.add(namespace, 'urgent');
  }

  #watchState(watch: string, state: WatchState, error: KubeError | null): void {
    this.#contact.note(watch, state, error);
    if (state !== 'watching') return;
    // It answers again: what waited need not wait longer.
    if (this.#reconciler.isClusterFailing) this.#queue.hurry();
    this.#reconciler.forgetFailures();
    this.#queue.resume();
  }

  /** Nothing is left to do for now: writes down what was reached. Throws nothing. */
  async #rest(): Promise<void> {
    if (!this.#ready) return;
    await this.#progress.flush();
    const synced = this.#reconciler.takeTouched();
    const removed = this.#desired.targets
      .filter(({ row }) => row.state === 'removing' && this.#isClean(row))
      .map(({ row }) => row.id);
    try {
      await this.#parts.store.saveRest({ synced, removed });
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'writing the state of targets failed');
      this.#reconciler.touch(synced);
      this.#after(retryDelayMs(5), () => this.#restIfIdle());
      return;
    }
    for (const id of removed) this.#progress.forgetTarget(id);
    if (removed.length > 0) void this.refresh();
  }

  #restIfIdle(): void {
    if (this.#queue.isIdle) void this.#rest();
  }

  #isClean(row: TargetRow): boolean {
    return (
      this.#swept === this.#desired &&
      this.#progress.namespacesOf(row.id).length === 0 &&
      !this.#wide.holds(row)
    );
  }

  async #recheckForeign(): Promise<void> {
    if (this.#foreign.isEmpty || !this.#ready) return;
    const changed = await this.#foreign.recheck().catch((error: unknown) => {
      this.#parts.log.debug({ err: error }, 'looking at foreign Secrets failed');
      return new Set<string>();
    });
    for (const namespace of changed) this.#queue.add(namespace, 'normal');
  }

  #every(ms: number, work: () => void): void {
    const timer = setInterval(work, ms);
    timer.unref();
    this.#stop.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  #after(ms: number, work: () => void): void {
    void pause(ms, this.#stop.signal).then(() => {
      if (!this.#stop.signal.aborted) work();
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
