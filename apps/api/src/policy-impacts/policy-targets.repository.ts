import type { NamespaceSelection } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** One target, as a policy reaches through it. */
export interface PolicyTarget {
  readonly environmentId: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly simulated: boolean;
  /** As it was last seen; null = never asked. */
  readonly reachable: boolean | null;
  readonly selection: NamespaceSelection;
  /** Globs that the cluster's administrator granted; null = none needed. */
  readonly grants: readonly string[] | null;
}

interface Stored extends NamespaceSelection {
  readonly environmentId: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly simulated: boolean;
  readonly reachable: boolean | null;
  readonly limitedToGrants: boolean;
  readonly granted: string[] | null;
}

@Injectable()
export class PolicyTargetsRepository {
  constructor(private readonly database: Database) {}

  /** The targets of these environments, by cluster. */
  async list(environmentIds: readonly string[]): Promise<PolicyTarget[]> {
    const rows = await this.database.query<Stored>(
      `select t.environment_id as "environmentId", t.cluster_id as "clusterId", c.name as "clusterName",
         c.simulated, c.reachable, t.include, t.exclude, t.match_labels as "matchLabels",
         t.limited_to_grants as "limitedToGrants", g.namespaces as granted
       from targets t join clusters c on c.id = t.cluster_id
       left join cluster_grants g on g.cluster_id = t.cluster_id and g.environment_id = t.environment_id
       where t.environment_id = any($1) and t.state = 'active' and c.state = 'active'
       order by c.name, t.id`,
      [environmentIds],
    );
    return rows.map(({ include, exclude, matchLabels, limitedToGrants, granted, ...target }) => ({
      ...target,
      selection: { include, exclude, matchLabels },
      grants: limitedToGrants ? (granted ?? []) : null,
    }));
  }
}
