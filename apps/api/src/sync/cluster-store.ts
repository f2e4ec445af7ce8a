/** The database as one reconciler sees it: its own cluster, under its own lease. */
import type { AuditLog } from '../audit/audit-log.js';
import { systemActor } from '../audit/audit-log.js';
import type { Tx } from '../database/transaction.js';
import type { Outbox } from '../events/outbox.js';
import type { DesiredCluster } from './desired-cluster.js';
import type { DesiredStates } from './desired-states.js';
import { type Lease, LeaseLost } from './lease.js';
import type { ProgressBatch } from './progress.js';
import type { SyncRepository } from './sync.repository.js';
import type {
  ClusterContact,
  ImagePolicyStatus,
  NamespaceRow,
  NodeConfigStatus,
  TargetRow,
} from './sync-model.js';

/** One hint per target and half second is enough for a console that reads again at each. */
const HINT_MS = 500;

export interface ClusterStoreParts {
  readonly lease: Lease;
  readonly repository: SyncRepository;
  readonly desiredStates: DesiredStates;
  readonly outbox: Outbox;
  readonly audit: AuditLog;
}

export class ClusterStore {
  readonly #hintedAt = new Map<string, number>();
  #nodeConfigSaved = '';
  #policiesSaved = '[]';
  /** What consoles know of each environment's policy. */
  #policyNews: ReadonlyMap<string, string> = new Map();
  #rows: ReadonlyMap<string, TargetRow> = new Map();
  readonly #writing = new Set<Promise<unknown>>();

  constructor(private readonly parts: ClusterStoreParts) {}

  loadNamespaceRows(): Promise<readonly NamespaceRow[]> {
    return this.parts.repository.loadNamespaceRows(this.parts.lease.clusterId);
  }

  async loadDesired(): Promise<DesiredCluster> {
    const desired = await this.parts.desiredStates.load(this.parts.lease.clusterId);
    this.#rows = new Map(desired.targets.map(({ row }) => [row.id, row]));
    return desired;
  }

  async saveProgress(batch: ProgressBatch): Promise<void> {
    const { repository } = this.parts;
    await this.#held(async (tx) => {
      await repository.saveProgress(tx, batch);
      for (const id of batch.targets) await this.#hint(tx, id, false);
    });
  }

  /** The queue has run dry: what was reached, and which removed targets have left the cluster. */
  async saveRest(rest: { synced: readonly string[]; removed: readonly string[] }): Promise<void> {
    if (rest.synced.length + rest.removed.length === 0) return;
    const { repository } = this.parts;
    await this.#held(async (tx) => {
      if (rest.synced.length > 0) await repository.saveSynced(tx, rest.synced);
      for (const id of rest.synced) await this.#hint(tx, id, true);
      for (const id of rest.removed) await this.#deleteTarget(tx, id);
    });
  }

  async saveNodeConfig(statuses: readonly NodeConfigStatus[]): Promise<void> {
    const text = JSON.stringify(statuses);
    if (text === this.#nodeConfigSaved) return;
    await this.#held(async (tx) => {
      for (const status of statuses) {
        await this.parts.repository.saveNodeConfig(tx, status);
        await this.#hint(tx, status.targetId, true);
      }
    });
    this.#nodeConfigSaved = text;
  }

  async loadPolicyStates(): Promise<readonly ImagePolicyStatus[]> {
    const { repository, lease } = this.parts;
    const rows = await repository.loadPolicyStates(lease.clusterId);
    this.#policiesSaved = JSON.stringify(rows);
    this.#policyNews = policyNews(rows);
    return rows;
  }

  /** All of them: what is not among them is forgotten. Consoles hear of other states, not of other times. */
  async savePolicyStates(statuses: readonly ImagePolicyStatus[]): Promise<void> {
    const text = JSON.stringify(statuses);
    if (text === this.#policiesSaved) return;
    const states = policyNews(statuses);
    await this.#held(async (tx) => {
      await this.parts.repository.savePolicyStates(tx, this.parts.lease.clusterId, statuses);
      for (const environmentId of changedKeys(this.#policyNews, states)) {
        const row = [...this.#rows.values()].find((each) => each.environmentId === environmentId);
        if (row !== undefined) await this.#hint(tx, row.id, true);
      }
    });
    this.#policiesSaved = text;
    this.#policyNews = states;
  }

  async saveContact(contact: ClusterContact, isNews: boolean): Promise<void> {
    const { repository, outbox, lease } = this.parts;
    await this.#held(async (tx) => {
      await repository.saveContact(tx, lease.clusterId, contact);
      const hint = { topic: 'clusters', kind: 'updated', id: lease.clusterId } as const;
      if (isNews) await outbox.publish(tx, { ...hint, clusterId: lease.clusterId });
    }, 'no key update');
  }

  /**
   * Resolves when nothing is being written any more. Under the same lease a successor may follow,
   * whose rows these must not overwrite.
   */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writing);
  }

  async #held(
    work: (tx: Tx) => Promise<void>,
    lock: 'share' | 'no key update' = 'share',
  ): Promise<void> {
    const { repository, lease } = this.parts;
    if (lease.isReleased) throw new LeaseLost(`lease of cluster ${lease.clusterId} was given back`);
    const writing = repository.whileHeld(lease, work, lock);
    this.#writing.add(writing);
    const held = await writing.finally(() => this.#writing.delete(writing));
    if (!held) {
      this.parts.lease.release();
      throw new LeaseLost(`lease of cluster ${this.parts.lease.clusterId} went to somebody else`);
    }
  }

  /** Without a version: news of its state, not of the target itself, so sync does not wake up by it. */
  async #hint(tx: Tx, targetId: string, always: boolean): Promise<void> {
    const now = performance.now();
    if (!always && now - (this.#hintedAt.get(targetId) ?? -HINT_MS) < HINT_MS) return;
    this.#hintedAt.set(targetId, now);
    const environmentId = this.#rows.get(targetId)?.environmentId ?? null;
    const { clusterId } = this.parts.lease;
    await this.parts.outbox.publish(tx, {
      topic: 'targets',
      kind: 'updated',
      id: targetId,
      environmentId,
      clusterId,
    });
  }

  async #deleteTarget(tx: Tx, targetId: string): Promise<void> {
    const { repository, outbox, audit, lease } = this.parts;
    if (!(await repository.deleteRemovedTarget(tx, targetId))) return;
    const row = this.#rows.get(targetId);
    const environmentId = row?.environmentId ?? null;
    await audit.record(tx, {
      actor: systemActor('sync'),
      action: 'target.delete',
      object: { kind: 'target', id: targetId, name: row?.secretName ?? targetId },
      environmentId,
    });
    const deleted = { topic: 'targets', kind: 'deleted', id: targetId } as const;
    await outbox.publish(tx, { ...deleted, environmentId, clusterId: lease.clusterId });
  }
}

function policyNews(statuses: readonly ImagePolicyStatus[]): ReadonlyMap<string, string> {
  const byEnvironment = Map.groupBy(statuses, (status) => status.environmentId);
  return new Map(
    [...byEnvironment].map(([id, halves]) => [
      id,
      JSON.stringify(halves.map(({ provenAt: _, ...news }) => news)),
    ]),
  );
}

function changedKeys(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
}
