/** The database side of sync. What a reconciler writes carries its lease: rows of a former holder do not land. */
import { coversEveryNamespace } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { LEASE_MS, type Lease } from './lease.js';
import type { ProgressBatch } from './progress.js';
import type {
  ClusterContact,
  ConflictChoice,
  ImagePolicyStatus,
  NamespaceRow,
  NodeConfigStatus,
  TargetRow,
} from './sync-model.js';

export interface HeldCluster {
  readonly clusterId: string;
  readonly fence: number;
}

interface TargetStored {
  readonly id: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly include: string[];
  readonly exclude: string[];
  readonly matchLabels: Record<string, string>;
  readonly grants: string[] | null;
  readonly limitedToGrants: boolean;
  readonly serviceAccounts: 'default' | 'all' | 'none' | 'named';
  readonly serviceAccountNames: string[];
  readonly attachedBeyondDefault: boolean;
  readonly secretName: string;
  readonly attach: 'service-account' | 'none';
  readonly state: 'active' | 'removing';
  readonly nodeConfigEnabled: boolean;
  readonly nodeConfigDistribution: 'k3s' | 'rke2';
}

// Both parts wait for whoever has a row locked just now: skipping it would look like a lost lease.
// The rows of the two are disjoint, and what is taken is locked in one order by every replica.
const CLAIM = `
  with renewed as (
    update clusters set lease_until = now() + $2::int * interval '1 ms'
    where lease_holder = $1 and lease_until > now()
    returning id, lease_fence
  ), free as (
    select id from clusters where lease_until is null or lease_until <= now() order by id for update
  ), taken as (
    update clusters c set lease_holder = $1, lease_until = now() + $2::int * interval '1 ms',
      lease_fence = c.lease_fence + 1
    from free where c.id = free.id returning c.id, c.lease_fence
  )
  select id as "clusterId", lease_fence as fence from renewed
  union all select id, lease_fence from taken`;

const TARGETS = `
  select t.id, t.environment_id as "environmentId", e.name as "environmentName", t.include, t.exclude,
    t.match_labels as "matchLabels", g.namespaces as grants, t.limited_to_grants as "limitedToGrants",
    t.service_accounts as "serviceAccounts", t.service_account_names as "serviceAccountNames",
    t.attached_beyond_default as "attachedBeyondDefault", t.secret_name as "secretName", t.attach, t.state,
    t.node_config_enabled as "nodeConfigEnabled", t.node_config_distribution as "nodeConfigDistribution"
  from targets t join environments e on e.id = t.environment_id
  left join cluster_grants g on g.cluster_id = t.cluster_id and g.environment_id = t.environment_id
  where t.cluster_id = $1 order by t.id`;

const HOLDS = 'select 1 from clusters where id = $1 and lease_holder = $2 and lease_fence = $3';

const UPSERT = `
  insert into target_namespaces as n (target_id, namespace, state, code, detail, content_hash, attached_name)
  select r.* from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    as r (target_id, namespace, state, code, detail, content_hash, attached_name)
  where exists (select 1 from targets t where t.id = r.target_id)
  on conflict (target_id, namespace) do update set state = excluded.state, code = excluded.code,
    detail = excluded.detail, content_hash = excluded.content_hash, attached_name = excluded.attached_name,
    changed_at = now()`;

// Of an environment that is gone meanwhile nothing is written.
const SAVE_POLICY = `
  insert into image_policy_states
    (cluster_id, environment_id, half, state, code, detail, written, proven_at, settings_hash)
  select $1, e.id, $3, $4, $5, $6, $7, $8, $9 from environments e where e.id = $2
  on conflict (environment_id, cluster_id, half) do update set state = excluded.state,
    code = excluded.code, detail = excluded.detail, written = excluded.written,
    proven_at = excluded.proven_at, settings_hash = excluded.settings_hash, changed_at = now()`;

@Injectable()
export class SyncRepository {
  constructor(private readonly database: Database) {}

  /** Renews what this replica holds and takes what nobody holds. */
  claimClusters(holder: string): Promise<HeldCluster[]> {
    return this.database.query<HeldCluster>(CLAIM, [holder, LEASE_MS]);
  }

  async releaseClusters(holder: string): Promise<void> {
    await this.database.execute(
      'update clusters set lease_until = now() where lease_holder = $1 and lease_until > now()',
      [holder],
    );
  }

  async loadTargets(clusterId: string): Promise<TargetRow[]> {
    const rows = await this.database.query<TargetStored>(TARGETS, [clusterId]);
    return rows.map(targetOf);
  }

  loadNamespaceRows(clusterId: string): Promise<NamespaceRow[]> {
    return this.database.query<NamespaceRow>(
      `select n.target_id as "targetId", n.namespace, n.state, n.code, n.detail,
         n.content_hash as "contentHash", n.attached_name as "attachedName"
       from target_namespaces n join targets t on t.id = n.target_id where t.cluster_id = $1`,
      [clusterId],
    );
  }

  loadConflictChoices(clusterId: string): Promise<ConflictChoice[]> {
    return this.database.query<ConflictChoice>(
      `select n.target_id as "targetId", n.namespace, n.conflict_choice as choice
       from target_namespaces n join targets t on t.id = n.target_id
       where t.cluster_id = $1 and n.conflict_choice is not null`,
      [clusterId],
    );
  }

  /**
   * Runs `work` only while the lease is this one. `lock`: work that writes the cluster's own row
   * takes it for itself at once; two that share it first would wait for each other for ever.
   */
  async whileHeld(
    lease: Lease,
    work: (tx: Tx) => Promise<void>,
    lock: 'share' | 'no key update' = 'share',
  ): Promise<boolean> {
    return await this.database.transaction(async (tx) => {
      const sql = `${HOLDS} for ${lock}`;
      const held = await tx.one(sql, [lease.clusterId, lease.holder, lease.fence]);
      if (held === undefined) return false;
      await work(tx);
      return true;
    });
  }

  async saveProgress(tx: Tx, { rows, removed }: ProgressBatch): Promise<void> {
    if (rows.length > 0) {
      await tx.execute(UPSERT, [
        rows.map((row) => row.targetId),
        rows.map((row) => row.namespace),
        rows.map((row) => row.state),
        rows.map((row) => row.code),
        rows.map((row) => row.detail),
        rows.map((row) => row.contentHash),
        rows.map((row) => row.attachedName),
      ]);
    }
    if (removed.length === 0) return;
    await tx.execute(
      `delete from target_namespaces n using unnest($1::uuid[], $2::text[]) as r (target_id, namespace)
       where n.target_id = r.target_id and n.namespace = r.namespace`,
      [removed.map((row) => row.targetId), removed.map((row) => row.namespace)],
    );
  }

  async saveSynced(tx: Tx, targetIds: readonly string[]): Promise<void> {
    await tx.execute(
      `update targets t set last_synced_at = now(), last_error_code = f.code, last_error_detail = f.detail
       from unnest($1::uuid[]) as i (id)
       left join lateral (select code, detail from target_namespaces n
         where n.target_id = i.id and n.state = 'failed' order by n.changed_at desc limit 1) f on true
       where t.id = i.id`,
      [targetIds],
    );
  }

  async saveContact(tx: Tx, clusterId: string, contact: ClusterContact): Promise<void> {
    await tx.execute(
      `update clusters set reachable = $2,
         last_contact_at = case when $2 then now() else last_contact_at end,
         last_error_code = $3, last_error_detail = $4,
         kubernetes_version = coalesce($5, kubernetes_version) where id = $1`,
      [
        clusterId,
        contact.reachable,
        contact.error?.code ?? null,
        contact.error?.detail ?? null,
        contact.kubernetesVersion,
      ],
    );
  }

  async saveNodeConfig(tx: Tx, { targetId, state, error }: NodeConfigStatus): Promise<void> {
    await tx.execute(
      'update targets set node_config_state = $2, node_config_error = $3 where id = $1',
      [targetId, state, error],
    );
  }

  loadPolicyStates(clusterId: string): Promise<ImagePolicyStatus[]> {
    return this.database.query<ImagePolicyStatus>(
      `select environment_id as "environmentId", half, state, code, detail, written,
         proven_at as "provenAt", settings_hash as "settingsHash"
       from image_policy_states where cluster_id = $1 order by environment_id, half`,
      [clusterId],
    );
  }

  /** What is not among them is forgotten. */
  async savePolicyStates(
    tx: Tx,
    clusterId: string,
    statuses: readonly ImagePolicyStatus[],
  ): Promise<void> {
    await tx.execute(
      `delete from image_policy_states s where s.cluster_id = $1 and not exists (
         select 1 from unnest($2::uuid[], $3::text[]) as r (environment_id, half)
         where r.environment_id = s.environment_id and r.half = s.half)`,
      [clusterId, statuses.map((row) => row.environmentId), statuses.map((row) => row.half)],
    );
    for (const row of statuses) await tx.execute(SAVE_POLICY, [clusterId, ...policyValues(row)]);
  }

  /** True when it was there and on its way out. */
  async deleteRemovedTarget(tx: Tx, targetId: string): Promise<boolean> {
    const deleted = await tx.execute(`delete from targets where id = $1 and state = 'removing'`, [
      targetId,
    ]);
    return deleted > 0;
  }

  /** Targets of clusters that are being removed leave too. */
  startRemovingTargets(
    tx: Tx,
  ): Promise<{ id: string; environmentId: string; clusterId: string; version: number }[]> {
    return tx.query(
      `update targets t set state = 'removing', version = t.version + 1, updated_at = now()
       from clusters c, environments e
       where c.id = t.cluster_id and e.id = t.environment_id and t.state = 'active'
         and (c.state = 'removing' or e.state = 'removing')
       returning t.id, t.environment_id as "environmentId", t.cluster_id as "clusterId", t.version`,
    );
  }

  deleteCleanedClusters(tx: Tx): Promise<{ id: string; name: string }[]> {
    return tx.query(
      `delete from clusters c where c.state = 'removing'
         and not exists (select 1 from targets t where t.cluster_id = c.id) returning id, name`,
    );
  }
}

function targetOf(row: TargetStored): TargetRow {
  const grants = row.limitedToGrants ? (row.grants ?? []) : null;
  return {
    id: row.id,
    environmentId: row.environmentId,
    environmentName: row.environmentName,
    selection: { include: row.include, exclude: row.exclude, matchLabels: row.matchLabels },
    grants,
    serviceAccounts:
      row.serviceAccounts === 'named' ? row.serviceAccountNames : row.serviceAccounts,
    attachedBeyondDefault: row.attachedBeyondDefault,
    secretName: row.secretName,
    attach: row.attach,
    state: row.state,
    nodeConfig: {
      // A grant can shrink after node config was switched on.
      enabled: row.nodeConfigEnabled && (grants === null || coversEveryNamespace(grants)),
      distribution: row.nodeConfigDistribution,
    },
  };
}

function policyValues(row: ImagePolicyStatus): unknown[] {
  const { environmentId, half, state, code, detail, written, provenAt, settingsHash } = row;
  return [environmentId, half, state, code, detail, written, provenAt, settingsHash];
}
