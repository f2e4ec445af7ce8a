import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';

/** A cluster that the environment reaches, and how its image policy stands there. */
export interface ReachedClusterRow {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly simulated: boolean;
  /** Of its targets there. */
  readonly secretNames: readonly string[];
  readonly whitelist: HalfState | null;
  readonly defaultRegistry: HalfState | null;
}

export interface HalfState {
  readonly state: string;
  readonly detail: string | null;
  /** Of the settings that the state is about. */
  readonly settingsHash: string;
}

/** Namespaces of a cluster that another environment serves too. */
export interface SharedNamespacesRow {
  readonly clusterId: string;
  readonly otherId: string;
  readonly count: number;
  readonly example: string;
  /** How the other one's stands there. */
  readonly whitelist: HalfState | null;
}

const HALF = (
  half: string,
  environment = '$1',
  cluster = 'c.id',
) => `(select jsonb_build_object('state', s.state, 'detail', s.detail,
    'settingsHash', s.settings_hash) from image_policy_states s
  where s.environment_id = ${environment} and s.cluster_id = ${cluster} and s.half = '${half}')`;

@Injectable()
export class ImagesRepository {
  constructor(private readonly database: Database) {}

  listClusters(
    { environmentId }: EnvironmentScope,
    clusterId: string | null,
  ): Promise<ReachedClusterRow[]> {
    return this.database.query<ReachedClusterRow>(
      `select c.id as "clusterId", c.name as "clusterName", c.simulated,
         (select array_agg(distinct t.secret_name order by t.secret_name) from targets t
           where t.cluster_id = c.id and t.environment_id = $1 and t.state = 'active') as "secretNames",
         ${HALF('whitelist')} as whitelist, ${HALF('default-registry')} as "defaultRegistry"
       from clusters c where c.state = 'active' and ($2::uuid is null or c.id = $2) and exists (
         select 1 from targets t where t.cluster_id = c.id and t.environment_id = $1 and t.state = 'active')
       order by c.name`,
      [environmentId, clusterId],
    );
  }

  listSharedNamespaces({ environmentId }: EnvironmentScope): Promise<SharedNamespacesRow[]> {
    return this.database.query<SharedNamespacesRow>(
      `select a.cluster_id as "clusterId", b.environment_id as "otherId",
         count(distinct x.namespace)::int as count, min(x.namespace) as example,
         ${HALF('whitelist', 'b.environment_id', 'a.cluster_id')} as whitelist
       from targets a join target_namespaces x on x.target_id = a.id
       join targets b on b.cluster_id = a.cluster_id and b.environment_id <> a.environment_id
       join target_namespaces y on y.target_id = b.id and y.namespace = x.namespace
       where a.environment_id = $1 and a.state = 'active' and b.state = 'active'
       group by a.cluster_id, b.environment_id order by 1, 2`,
      [environmentId],
    );
  }
}
