import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/transaction.js';
import { refuseViolations } from '../database/violation.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';
import type {
  ClusterForTarget,
  TargetNamespaceRow,
  TargetRow,
  TargetSettings,
} from './target-row.js';

const COLUMNS = `t.id, t.environment_id as "environmentId", t.cluster_id as "clusterId",
  c.name as "clusterName", c.simulated, t.include, t.exclude, t.match_labels as "matchLabels",
  t.service_accounts as "serviceAccounts", t.service_account_names as "serviceAccountNames",
  t.secret_name as "secretName", t.attach, t.node_config_enabled as "nodeConfigEnabled",
  t.node_config_distribution as "nodeConfigDistribution", t.limited_to_grants as "limitedToGrants",
  t.attached_beyond_default as "attachedBeyondDefault", t.state,
  t.node_config_state as "nodeConfigState", t.node_config_error as "nodeConfigError",
  t.last_synced_at as "lastSyncedAt", t.last_error_code as "lastErrorCode",
  t.last_error_detail as "lastErrorDetail", n.total as namespaces, n.in_sync as "inSync", n.pending,
  n.failed, n.conflicts, t.created_at as "createdAt", t.version`;

const FROM = `targets t join clusters c on c.id = t.cluster_id
  left join lateral (select
      count(*) filter (where state <> 'ignored')::int as total,
      count(*) filter (where state = 'in-sync')::int as in_sync,
      count(*) filter (where state = 'pending')::int as pending,
      count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state = 'conflict')::int as conflicts
    from target_namespaces where target_id = t.id) n on true`;

const NAMESPACE_COLUMNS = `n.namespace, n.state, n.code, n.detail,
  n.conflict_choice as "conflictChoice", n.changed_at as "changedAt"`;

const CLUSTER = `select c.id, c.name, c.state, c.simulated, (select g.namespaces from cluster_grants g
    where g.cluster_id = c.id and g.environment_id = $2) as grants
  from clusters c where c.id = $1`;

const UNIQUE = {
  targets_one_per_environment: 'target.exists',
  targets_node_config_owner: 'node-config.owned',
} as const;

@Injectable()
export class TargetsRepository {
  constructor(private readonly database: Database) {}

  list<Item>(
    scope: EnvironmentScope,
    clusterId: string | null,
    request: PageRequest,
    present: (row: TargetRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<TargetRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: FROM,
        where: ['t.environment_id = $1', '($2::uuid is null or t.cluster_id = $2)'],
        values: [scope.environmentId, clusterId],
        sort: {
          createdAt: { sql: 't.created_at', type: 'timestamptz' },
          clusterName: { sql: 'c.name', type: 'text' },
        },
        defaultSort: 'createdAt',
        id: { sql: 't.id', type: 'uuid' },
        search: ['c.name', 't.secret_name'],
      },
      request,
      present,
    );
  }

  find(
    scope: EnvironmentScope,
    id: string,
    on: Queryable = this.database,
  ): Promise<TargetRow | undefined> {
    return on.one<TargetRow>(
      `select ${COLUMNS} from ${FROM} where t.environment_id = $1 and t.id = $2`,
      [scope.environmentId, id],
    );
  }

  lock(tx: Tx, scope: EnvironmentScope, id: string): Promise<TargetRow | undefined> {
    return tx.one<TargetRow>(
      `select ${COLUMNS} from ${FROM} where t.environment_id = $1 and t.id = $2 for update of t`,
      [scope.environmentId, id],
    );
  }

  findCluster(scope: EnvironmentScope, clusterId: string): Promise<ClusterForTarget | undefined> {
    return this.database.one<ClusterForTarget>(CLUSTER, [clusterId, scope.environmentId]);
  }

  /** Held until the transaction ends, so that it is not removed meanwhile. */
  lockCluster(
    tx: Tx,
    scope: EnvironmentScope,
    clusterId: string,
  ): Promise<ClusterForTarget | undefined> {
    return tx.one<ClusterForTarget>(`${CLUSTER} for share of c`, [clusterId, scope.environmentId]);
  }

  async lockEnvironment(
    tx: Tx,
    scope: EnvironmentScope,
  ): Promise<'active' | 'removing' | undefined> {
    const row = await tx.one<{ state: 'active' | 'removing' }>(
      'select state from environments where id = $1 for share',
      [scope.environmentId],
    );
    return row?.state;
  }

  async insert(
    tx: Tx,
    scope: EnvironmentScope,
    target: TargetSettings & { readonly id: string; readonly clusterId: string },
  ): Promise<TargetRow> {
    await refuseViolations(UNIQUE, () =>
      tx.execute(
        `insert into targets (include, exclude, match_labels, service_accounts, service_account_names,
           secret_name, attach, node_config_enabled, node_config_distribution, limited_to_grants,
           attached_beyond_default, node_config_state, environment_id, cluster_id, id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
           case when $8 then 'pending' end, $12, $13, $14)`,
        [...settingsValues(target), scope.environmentId, target.clusterId, target.id],
      ),
    );
    return await this.#mustFind(tx, scope, target.id);
  }

  async update(
    tx: Tx,
    scope: EnvironmentScope,
    id: string,
    settings: TargetSettings,
  ): Promise<TargetRow> {
    await refuseViolations(UNIQUE, () =>
      tx.execute(
        `update targets set include = $1, exclude = $2, match_labels = $3, service_accounts = $4,
           service_account_names = $5, secret_name = $6, attach = $7, node_config_enabled = $8,
           node_config_distribution = $9, limited_to_grants = $10, attached_beyond_default = $11,
           version = version + 1, updated_at = now()
         where environment_id = $12 and id = $13`,
        [...settingsValues(settings), scope.environmentId, id],
      ),
    );
    return await this.#mustFind(tx, scope, id);
  }

  async startRemoving(tx: Tx, scope: EnvironmentScope, id: string): Promise<void> {
    await tx.execute(
      `update targets set state = 'removing', version = version + 1, updated_at = now()
       where environment_id = $1 and id = $2 and state = 'active'`,
      [scope.environmentId, id],
    );
  }

  listNamespaces<Item>(
    target: TargetRow,
    state: string | null,
    request: PageRequest,
    present: (row: TargetNamespaceRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<TargetNamespaceRow, Item>(
      this.database,
      {
        columns: NAMESPACE_COLUMNS,
        from: 'target_namespaces n',
        where: ['n.target_id = $1', '($2::text is null or n.state = $2)'],
        values: [target.id, state],
        sort: {
          namespace: { sql: 'n.namespace', type: 'text' },
          state: { sql: 'n.state', type: 'text' },
          changedAt: { sql: 'n.changed_at', type: 'timestamptz' },
        },
        defaultSort: 'namespace',
        id: { sql: 'n.namespace', type: 'text' },
        search: ['n.namespace'],
      },
      request,
      present,
    );
  }

  /** Undefined unless there is, or was decided about, a foreign Secret of our name. */
  decideConflict(
    tx: Tx,
    target: TargetRow,
    decision: { namespace: string; choice: 'adopt' | 'skip' | null },
  ): Promise<TargetNamespaceRow | undefined> {
    return tx.one<TargetNamespaceRow>(
      `update target_namespaces as n set conflict_choice = $3
       where n.target_id = $1 and n.namespace = $2
         and (n.code in ('secret.foreign', 'secret.skipped') or n.conflict_choice is not null)
       returning ${NAMESPACE_COLUMNS}`,
      [target.id, decision.namespace, decision.choice],
    );
  }

  async #mustFind(tx: Tx, scope: EnvironmentScope, id: string): Promise<TargetRow> {
    const row = await this.find(scope, id, tx);
    if (row === undefined) throw new Error('the target is missing right after it was written');
    return row;
  }
}

function settingsValues(settings: TargetSettings): unknown[] {
  return [
    settings.include,
    settings.exclude,
    JSON.stringify(settings.matchLabels),
    settings.serviceAccounts,
    settings.serviceAccountNames,
    settings.secretName,
    settings.attach,
    settings.nodeConfigEnabled,
    settings.nodeConfigDistribution,
    settings.limitedToGrants,
    settings.attachedBeyondDefault,
  ];
}
