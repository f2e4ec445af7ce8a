import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/transaction.js';
import { refuseViolations } from '../database/violation.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';
import type { FeaturesInUse } from './cluster-permissions.js';
import type { ClusterRow, GrantedClusterRow, GrantRow, StoredAccess } from './cluster-row.js';

const COLUMNS = `c.id, c.name, c.simulated, c.server, c.access_kind as "accessKind",
  c.insecure_skip_verify as "insecureSkipVerify", c.labels, c.state, c.reachable,
  c.last_contact_at as "lastContactAt", c.last_error_code as "lastErrorCode",
  c.last_error_detail as "lastErrorDetail", c.kubernetes_version as "kubernetesVersion",
  (select count(*)::int from targets t where t.cluster_id = c.id) as targets,
  c.created_at as "createdAt", c.version`;

const ACCESS = `server, ca_certificate as "caCertificate", tls_server_name as "tlsServerName",
  insecure_skip_verify as "insecureSkipVerify", access_kind as "accessKind",
  client_certificate as "clientCertificate", access_sealed as sealed, access_key_id as "keyId"`;

export interface NewCluster {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly access: StoredAccess;
}

// What an environment inherits counts as its own; what was written and is not cleaned away yet, too.
const FEATURES = `
  with here as (select * from targets where cluster_id = $1),
  stored as (
    select s.name, s.value from settings s
    where exists (select 1 from here t where s.environment_id is null or s.environment_id = t.environment_id)
  ),
  written as (select half from image_policy_states where cluster_id = $1 and written)
  select coalesce((select bool_or(attach = 'service-account') from here), true) as attach,
    coalesce((select bool_or(node_config_enabled) from here), false) as "nodeConfig",
    exists (select 1 from stored where name = 'registry.whitelist' and value <> '')
      or exists (select 1 from written where half = 'whitelist') as whitelist,
    exists (select 1 from stored where name = 'policy.default-registry-at' and value = 'pod')
      and exists (select 1 from stored where name = 'registry.default' and value <> '')
      or exists (select 1 from written where half = 'default-registry') as rewriting`;

@Injectable()
export class ClustersRepository {
  constructor(private readonly database: Database) {}

  list<Item>(
    filter: { reachable: boolean | null },
    request: PageRequest,
    present: (row: ClusterRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<ClusterRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: 'clusters c',
        where: ['($1::boolean is null or c.reachable = $1)'],
        values: [filter.reachable],
        sort: {
          name: { sql: 'c.name', type: 'text' },
          createdAt: { sql: 'c.created_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
        id: { sql: 'c.id', type: 'uuid' },
        search: ['c.name', 'c.server'],
      },
      request,
      present,
    );
  }

  /** Clusters that the environment may use: granted ones, and ones that it has a target on. */
  listGranted<Item>(
    scope: EnvironmentScope,
    all: boolean,
    request: PageRequest,
    present: (row: GrantedClusterRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<GrantedClusterRow, Item>(
      this.database,
      {
        columns: `c.id, c.name, c.simulated, c.reachable, c.kubernetes_version as "kubernetesVersion",
          coalesce(g.namespaces, case when $2 then array['*'] else array[]::text[] end) as namespaces`,
        from: 'clusters c left join cluster_grants g on g.cluster_id = c.id and g.environment_id = $1',
        where: [
          `c.state = 'active'`,
          '($2 or g.cluster_id is not null or exists (select 1 from targets t where t.cluster_id = c.id and t.environment_id = $1))',
        ],
        values: [scope.environmentId, all],
        sort: { name: { sql: 'c.name', type: 'text' } },
        defaultSort: 'name',
        id: { sql: 'c.id', type: 'uuid' },
        search: ['c.name'],
      },
      request,
      present,
    );
  }

  find(id: string, on: Queryable = this.database): Promise<ClusterRow | undefined> {
    return on.one<ClusterRow>(`select ${COLUMNS} from clusters c where c.id = $1`, [id]);
  }

  lock(tx: Tx, id: string): Promise<ClusterRow | undefined> {
    return tx.one<ClusterRow>(`select ${COLUMNS} from clusters c where c.id = $1 for update of c`, [
      id,
    ]);
  }

  loadAccess(id: string): Promise<StoredAccess | undefined> {
    return this.database.one<StoredAccess>(`select ${ACCESS} from clusters where id = $1`, [id]);
  }

  async insert(tx: Tx, { id, name, labels, access }: NewCluster): Promise<ClusterRow> {
    await refuseViolations({ clusters_name_key: 'cluster.name-exists' }, () =>
      tx.execute(
        `insert into clusters (id, name, labels, server, ca_certificate, tls_server_name,
           insecure_skip_verify, access_kind, client_certificate, access_sealed, access_key_id, simulated)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          id,
          name,
          JSON.stringify(labels),
          ...accessValues(access),
          access.accessKind === 'simulated',
        ],
      ),
    );
    return await this.#mustFind(tx, id);
  }

  /** Null parts stay. */
  async update(
    tx: Tx,
    id: string,
    change: { labels: Readonly<Record<string, string>> | null; access: StoredAccess | null },
  ): Promise<ClusterRow> {
    await tx.execute(
      `update clusters set labels = coalesce($2, labels), version = version + 1, updated_at = now() where id = $1`,
      [id, change.labels === null ? null : JSON.stringify(change.labels)],
    );
    if (change.access !== null) {
      await tx.execute(
        `update clusters set server = $2, ca_certificate = $3, tls_server_name = $4,
           insecure_skip_verify = $5, access_kind = $6, client_certificate = $7, access_sealed = $8,
           access_key_id = $9 where id = $1`,
        [id, ...accessValues(change.access)],
      );
    }
    return await this.#mustFind(tx, id);
  }

  async startRemoving(tx: Tx, id: string): Promise<void> {
    await tx.execute(
      `update clusters set state = 'removing', version = version + 1, updated_at = now() where id = $1`,
      [id],
    );
  }

  /** With everything that is known of it; what is in the cluster stays there. */
  async forget(tx: Tx, id: string): Promise<void> {
    await tx.execute('delete from targets where cluster_id = $1', [id]);
    await tx.execute('delete from clusters where id = $1', [id]);
  }

  listGrants(id: string, on: Queryable = this.database): Promise<GrantRow[]> {
    return on.query<GrantRow>(
      `select g.environment_id as "environmentId", e.name as "environmentName", g.namespaces
       from cluster_grants g join environments e on e.id = g.environment_id
       where g.cluster_id = $1 order by e.name`,
      [id],
    );
  }

  async replaceGrants(
    tx: Tx,
    id: string,
    grants: readonly { environmentId: string; namespaces: readonly string[] }[],
  ): Promise<void> {
    await tx.execute('delete from cluster_grants where cluster_id = $1', [id]);
    for (const { environmentId, namespaces } of grants) {
      await refuseViolations({ cluster_grants_environment_id_fkey: 'object.not-found' }, () =>
        tx.execute(
          'insert into cluster_grants (cluster_id, environment_id, namespaces) values ($1, $2, $3)',
          [id, environmentId, [...namespaces]],
        ),
      );
    }
  }

  /** Writes the result of a check, unless the reconciler has seen more. */
  async saveCheck(
    id: string,
    check: { ok: boolean; code: string | null; detail: string | null; version: string | null },
  ): Promise<void> {
    await this.database.execute(
      `update clusters set reachable = $2, last_error_code = $3, last_error_detail = $4,
         last_contact_at = case when $2 then now() else last_contact_at end,
         kubernetes_version = coalesce($5, kubernetes_version) where id = $1`,
      [id, check.ok, check.code, check.detail, check.version],
    );
  }

  /** Which features the targets of this cluster use. */
  async featuresInUse(id: string): Promise<FeaturesInUse> {
    const row = await this.database.one<FeaturesInUse>(FEATURES, [id]);
    return row ?? { attach: true, nodeConfig: false, whitelist: false, rewriting: false };
  }

  async #mustFind(tx: Tx, id: string): Promise<ClusterRow> {
    const row = await this.find(id, tx);
    if (row === undefined) throw new Error('the cluster is missing right after it was written');
    return row;
  }
}

function accessValues(access: StoredAccess): unknown[] {
  return [
    access.server,
    access.caCertificate,
    access.tlsServerName,
    access.insecureSkipVerify,
    access.accessKind,
    access.clientCertificate,
    access.sealed,
    access.keyId,
  ];
}
