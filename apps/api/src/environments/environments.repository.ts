import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { refuseViolations } from '../database/violation.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';

export interface EnvironmentRow {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly simulated: boolean;
  readonly state: 'active' | 'removing';
  readonly createdAt: Date;
  readonly version: number;
}

export interface SummaryRow {
  readonly registries: number;
  readonly registriesDisabled: number;
  readonly registriesWithoutCredential: number;
  readonly credentials: number;
  readonly credentialsExpiringSoon: number;
  readonly credentialsExpired: number;
  readonly clusters: number;
  readonly clustersUnreachable: number;
  readonly targets: number;
  readonly targetsFailing: number;
  readonly namespaces: number;
  readonly namespacesInSync: number;
  readonly namespacesPending: number;
  readonly namespacesFailed: number;
  readonly namespacesConflict: number;
}

/** Which environments a caller may see in a list. */
export interface Visibility {
  /** null = all of them (an administrator) */
  readonly memberId: string | null;
  /** set for an API key that is bound to one */
  readonly onlyId: string | null;
}

const COLUMNS = `e.id, e.name, e.display_name as "displayName", e.description, e.simulated, e.state,
  e.created_at as "createdAt", e.version`;
const EXPIRES_SOON = `interval '7 days'`; // the warning that the consoles show

const SUMMARY = `select
  (select count(*)::int from registries where environment_id = $1) as registries,
  (select count(*)::int from registries where environment_id = $1 and state = 'disabled') as "registriesDisabled",
  (select count(*)::int from registries r where r.environment_id = $1 and not exists
    (select 1 from credentials c where c.registry_id = r.id and c.state = 'enabled')) as "registriesWithoutCredential",
  c.total as credentials, c.soon as "credentialsExpiringSoon", c.expired as "credentialsExpired",
  t.clusters, t.unreachable as "clustersUnreachable", t.total as targets, t.failing as "targetsFailing",
  n.total as namespaces, n.in_sync as "namespacesInSync", n.pending as "namespacesPending",
  n.failed as "namespacesFailed", n.conflict as "namespacesConflict"
from
  (select count(*)::int as total,
    count(*) filter (where state = 'enabled' and expires_at > now() and expires_at < now() + ${EXPIRES_SOON})::int as soon,
    count(*) filter (where state = 'enabled' and expires_at <= now())::int as expired
   from credentials where environment_id = $1) c,
  (select count(*)::int as total, count(distinct t.cluster_id)::int as clusters,
    count(distinct t.cluster_id) filter (where k.reachable = false)::int as unreachable,
    count(*) filter (where t.last_error_code is not null)::int as failing
   from targets t join clusters k on k.id = t.cluster_id where t.environment_id = $1) t,
  (select count(*)::int as total, count(*) filter (where n.state = 'in-sync')::int as in_sync,
    count(*) filter (where n.state = 'pending')::int as pending,
    count(*) filter (where n.state = 'failed')::int as failed,
    count(*) filter (where n.state = 'conflict')::int as conflict
   from target_namespaces n join targets t on t.id = n.target_id where t.environment_id = $1) n`;

@Injectable()
export class EnvironmentsRepository {
  constructor(private readonly database: Database) {}

  list<Item>(
    visible: Visibility,
    request: PageRequest,
    present: (row: EnvironmentRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<EnvironmentRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: 'environments e',
        where: [
          '($1::uuid is null or exists (select 1 from members m where m.environment_id = e.id and m.user_id = $1))',
          '($2::uuid is null or e.id = $2)',
        ],
        values: [visible.memberId, visible.onlyId],
        sort: {
          name: { sql: 'e.name', type: 'text' },
          displayName: { sql: 'e.display_name', type: 'text' },
          createdAt: { sql: 'e.created_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
        id: { sql: 'e.id', type: 'uuid' },
        search: ['e.name', 'e.display_name'],
      },
      request,
      present,
    );
  }

  find(scope: EnvironmentScope): Promise<EnvironmentRow | undefined> {
    return this.database.one<EnvironmentRow>(
      `select ${COLUMNS} from environments e where e.id = $1`,
      [scope.environmentId],
    );
  }

  loadSummary(scope: EnvironmentScope): Promise<SummaryRow | undefined> {
    return this.database.one<SummaryRow>(SUMMARY, [scope.environmentId]);
  }

  async namesLike(tx: Tx, prefix: string): Promise<Set<string>> {
    const rows = await tx.query<{ name: string }>(
      'select name from environments where starts_with(name, $1)',
      [prefix],
    );
    return new Set(rows.map((row) => row.name));
  }

  async insert(
    tx: Tx,
    environment: {
      id: string;
      name: string;
      displayName: string;
      description: string;
      simulated: boolean;
    },
  ): Promise<EnvironmentRow> {
    const { id, name, displayName, description, simulated } = environment;
    const row = await refuseViolations({ environments_name_key: 'environment.name-exists' }, () =>
      tx.one<EnvironmentRow>(
        `insert into environments as e (id, name, display_name, description, simulated) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
        [id, name, displayName, description, simulated],
      ),
    );
    if (row === undefined) throw new Error('insert returned no row');
    return row;
  }

  /** Undefined when the version is no longer that (or the row is gone). Null fields stay. */
  update(
    tx: Tx,
    scope: EnvironmentScope,
    change: { displayName: string | null; description: string | null; version: number | null },
  ): Promise<EnvironmentRow | undefined> {
    return tx.one<EnvironmentRow>(
      `update environments as e set display_name = coalesce($2, display_name), description = coalesce($3, description),
         version = version + 1, updated_at = now()
       where e.id = $1 and ($4::int is null or e.version = $4) returning ${COLUMNS}`,
      [scope.environmentId, change.displayName, change.description, change.version],
    );
  }

  lock(tx: Tx, scope: EnvironmentScope): Promise<EnvironmentRow | undefined> {
    return tx.one<EnvironmentRow>(
      `select ${COLUMNS} from environments e where e.id = $1 for update`,
      [scope.environmentId],
    );
  }

  /** Everything of it starts to leave the clusters; the row goes when the last target has. */
  async startRemoving(
    tx: Tx,
    scope: EnvironmentScope,
  ): Promise<{ targetId: string; clusterId: string; version: number }[]> {
    await tx.execute(
      `update environments set state = 'removing', version = version + 1, updated_at = now() where id = $1`,
      [scope.environmentId],
    );
    return tx.query(
      `update targets set state = 'removing', version = version + 1, updated_at = now()
       where environment_id = $1 and state = 'active' returning id as "targetId", cluster_id as "clusterId", version`,
      [scope.environmentId],
    );
  }

  /** Deletes removed environments that hold nothing in any cluster any more. */
  deleteEmptied(tx: Tx): Promise<{ id: string; name: string }[]> {
    return tx.query(
      `delete from environments e where state = 'removing' and not exists (select 1 from targets t where t.environment_id = e.id) returning id, name`,
    );
  }
}
