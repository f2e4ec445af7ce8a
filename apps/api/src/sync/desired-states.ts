import { Injectable } from '@nestjs/common';
import { EffectivePolicies } from '../settings/effective-policies.js';
import { type DeliveredContent, DeliveredContents, nothingDelivered } from './delivered-content.js';
import { DesiredCluster, prepareTarget } from './desired-cluster.js';
import { SyncRepository } from './sync.repository.js';
import type { TargetRow } from './sync-model.js';

/** Reads how clusters should be. */
@Injectable()
export class DesiredStates {
  constructor(
    private readonly repository: SyncRepository,
    private readonly contents: DeliveredContents,
    private readonly policies: EffectivePolicies,
  ) {}

  /**
   * Rows first, then contents: a change between the two is announced, and read again by who
   * listens. `instead` replaces the target of the same id, or is added: for a plan of what is not
   * stored yet.
   */
  async load(clusterId: string, instead?: TargetRow): Promise<DesiredCluster> {
    const stored = await this.repository.loadTargets(clusterId);
    const choices = await this.repository.loadConflictChoices(clusterId);
    const rows =
      instead === undefined ? stored : [...stored.filter((row) => row.id !== instead.id), instead];
    const active = rows.filter((row) => row.state === 'active');
    const delivered = new Map<string, DeliveredContent>();
    const environmentIds = new Set(active.map((row) => row.environmentId));
    for (const id of environmentIds) {
      delivered.set(id, await this.contents.pullSecret(id));
    }
    const targets = await Promise.all(
      rows.map(async (row) => {
        const pullSecret = delivered.get(row.environmentId) ?? nothingDelivered;
        return prepareTarget(row, pullSecret, await this.#nodeConfig(row));
      }),
    );
    const policies = await this.policies.loadMany([...environmentIds]);
    return new DesiredCluster(targets, choices, policies);
  }

  /** What each target is known to have put into service accounts, by namespace. */
  async loadAttachedNames(
    clusterId: string,
  ): Promise<(targetId: string, namespace: string) => string | null> {
    const rows = await this.repository.loadNamespaceRows(clusterId);
    const names = new Map(rows.map((r) => [`${r.targetId}/${r.namespace}`, r.attachedName]));
    return (targetId, namespace) => names.get(`${targetId}/${namespace}`) ?? null;
  }

  async #nodeConfig(row: TargetRow): Promise<DeliveredContent | null> {
    if (row.state !== 'active' || !row.nodeConfig.enabled) return null;
    return await this.contents.nodeConfig(row.environmentId, row.nodeConfig.distribution);
  }
}
