/**
 * Which clusters this replica keeps in sync, and what wakes them up. Leases are renewed and taken
 * over here; each held cluster has one `ClusterSync`. A hint that something changed never carries
 * the change: it only says which cluster is to read its desired state again.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log } from '../config/log.js';
import type { Change } from '../events/outbox.js';
import type { ClusterSync } from './cluster-sync.js';
import { ClusterSyncStarter } from './cluster-sync-starter.js';
import { LEASE_RENEW_MS, Lease } from './lease.js';
import { Removals } from './removals.js';
import { SyncRepository } from './sync.repository.js';

interface Held {
  readonly lease: Lease;
  readonly sync: ClusterSync;
  readonly accessTag: string;
}

@Injectable()
export class SyncService {
  readonly #holder = `${hostname()}-${process.pid}-${randomUUID()}`;
  readonly #held = new Map<string, Held>();
  #timer: NodeJS.Timeout | null = null;
  /** Clusters about which was said something: their access is to be compared with the one in use. */
  readonly #doubted = new Set<string>();
  #turn: Promise<void> = Promise.resolve();
  #nextTurn: Promise<void> | null = null;
  #removalsAsked = 0;
  #removalsDone = 0;
  #stopped = true;

  constructor(
    private readonly repository: SyncRepository,
    private readonly starter: ClusterSyncStarter,
    private readonly removals: Removals,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Takes the clusters that nobody holds, now and from time to time. */
  async start(): Promise<void> {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#timer = setInterval(() => void this.claim(), LEASE_RENEW_MS);
    this.#timer.unref();
    await this.#advanceRemovals();
    await this.claim();
  }

  /** The reconciler of that cluster, if this replica holds it and knows it by now. */
  find(clusterId: string): ClusterSync | undefined {
    const held = this.#held.get(clusterId);
    return held?.lease.isHeld === true && held.sync.isReady ? held.sync : undefined;
  }

  /** News from the outbox, of this replica or another one. */
  noteChange(change: Change): void {
    if (this.#stopped) return;
    this.#react(change).catch((error: unknown) => {
      // What it was about is remembered: the next lease turn, at the latest, follows it.
      this.log.warn({ err: error, topic: change.topic }, 'a change was not followed at once');
    });
  }

  async #react(change: Change): Promise<void> {
    switch (change.topic) {
      case 'registries':
      case 'credentials':
      case 'mirrors':
      case 'settings':
        return this.#refreshEnvironment(change.environmentId ?? null);
      case 'environments':
        return await this.#advanceRemovals();
      case 'targets':
        return await this.#targetChanged(change);
      case 'clusters':
        return await this.#clusterChanged(change);
      default:
        return;
    }
  }

  /**
   * One turn at a time: renews what is held, starts what is new, stops what is lost. Resolves after
   * a turn that begins from now on; calls that wait for the same turn share it.
   */
  claim(): Promise<void> {
    if (this.#nextTurn !== null) return this.#nextTurn;
    const next = this.#turn
      .then(() => {
        this.#nextTurn = null;
        return this.#claim();
      })
      .catch((error: unknown) => {
        this.log.warn({ err: error }, 'renewing the leases of clusters failed');
      });
    this.#turn = next;
    this.#nextTurn = next;
    return next;
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#turn;
    await Promise.all([...this.#held.keys()].map((id) => this.#drop(id)));
    await this.repository.releaseClusters(this.#holder).catch((error: unknown) => {
      this.log.warn(
        { err: error },
        'giving the leases of clusters back failed; they end by themselves',
      );
    });
  }

  async #claim(): Promise<void> {
    if (this.#stopped) return;
    const askedAt = performance.now();
    const rows = await this.repository.claimClusters(this.#holder);
    const claimed = new Map(rows.map((row) => [row.clusterId, row.fence]));
    for (const [clusterId, { lease }] of this.#held) {
      if (claimed.get(clusterId) === lease.fence) lease.renewed(askedAt);
      else await this.#drop(clusterId);
    }
    for (const clusterId of [...this.#doubted]) await this.#checkAccess(clusterId);
    for (const [clusterId, fence] of claimed) {
      if (!this.#held.has(clusterId)) await this.#begin(clusterId, { fence, askedAt });
    }
    if (this.#removalsDone < this.#removalsAsked) await this.#advanceRemovals();
  }

  /** Lets go of a cluster whose access is another one by now, so that it is opened anew. */
  async #checkAccess(clusterId: string): Promise<void> {
    // Before the look: what is said from here on asks for another one.
    this.#doubted.delete(clusterId);
    const held = this.#held.get(clusterId);
    if (held === undefined) return;
    try {
      const accessTag = await this.starter.accessTag(clusterId);
      if (accessTag !== held.accessTag) await this.#drop(clusterId);
    } catch (error) {
      this.#doubted.add(clusterId);
      this.log.warn({ err: error, clusterId }, 'the access to a cluster was not compared');
    }
  }

  /** A try that fails is repeated by the next turn. */
  async #advanceRemovals(): Promise<void> {
    this.#removalsAsked += 1;
    const asked = this.#removalsAsked;
    await this.removals.advance();
    this.#removalsDone = Math.max(this.#removalsDone, asked);
  }

  async #begin(clusterId: string, claim: { fence: number; askedAt: number }): Promise<void> {
    const lease = new Lease(clusterId, this.#holder, claim.fence);
    lease.renewed(claim.askedAt);
    const started = await this.starter.start(lease).catch((error: unknown) => {
      this.log.error({ err: error, clusterId }, 'a cluster cannot be opened');
      return undefined;
    });
    if (started === undefined) return;
    this.#held.set(clusterId, { lease, ...started });
    this.log.info({ clusterId, fence: claim.fence }, 'this server keeps the cluster in sync');
    void started.sync.run().catch((error: unknown) => {
      // Closed before its first picture was complete, or the database did not answer.
      this.log.debug({ err: error, clusterId }, 'a cluster was not looked at');
      if (this.#held.get(clusterId)?.sync === started.sync) void this.#drop(clusterId);
    });
  }

  async #drop(clusterId: string): Promise<void> {
    const held = this.#held.get(clusterId);
    if (held === undefined) return;
    this.#held.delete(clusterId);
    this.log.info({ clusterId, fence: held.lease.fence }, 'this server lets go of the cluster');
    await held.sync.close();
  }

  /** Every held cluster that has a target of it; those without find nothing new to do. */
  #refreshEnvironment(environmentId: string | null): void {
    for (const { sync } of this.#held.values()) sync.environmentChanged(environmentId);
  }

  async #targetChanged(change: Change): Promise<void> {
    const sync = this.#held.get(change.clusterId ?? '')?.sync;
    if (change.kind === 'deleted') {
      void sync?.refresh();
      return await this.#advanceRemovals();
    }
    // Without a version it is news of progress, our own among it.
    if (change.kind === 'updated' && change.version == null) return;
    void sync?.lookNow();
  }

  async #clusterChanged(change: Change): Promise<void> {
    if (change.kind === 'updated' && change.version == null) return;
    if (change.kind === 'deleted') return await this.#drop(change.id);
    if (change.kind === 'created') return await this.claim();
    void this.#held.get(change.id)?.sync.refresh();
    // In a turn: one that is opening the cluster just now, with the old access, ends before.
    this.#doubted.add(change.id);
    await Promise.all([this.claim(), this.#advanceRemovals()]);
  }
}
