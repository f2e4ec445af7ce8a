import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { ImagePolicyStatus } from '../sync/sync-model.js';

/** As sync wrote it down; the time is text because it comes out of JSON. */
export type PolicyStateRow = Omit<ImagePolicyStatus, 'environmentId' | 'written' | 'provenAt'> & {
  readonly provenAt: string | null;
};

/** A cluster in which the environment has, or is leaving, namespaces. */
export interface PolicyClusterRow {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly simulated: boolean;
  readonly reachable: boolean | null;
  readonly kubernetesVersion: string | null;
  /** False when every target there is on its way out. */
  readonly active: boolean;
  readonly states: readonly PolicyStateRow[];
}

@Injectable()
export class PoliciesRepository {
  constructor(private readonly database: Database) {}

  listClusters(scope: EnvironmentScope): Promise<PolicyClusterRow[]> {
    return this.database.query<PolicyClusterRow>(
      `select c.id as "clusterId", c.name as "clusterName", c.simulated, c.reachable,
         c.kubernetes_version as "kubernetesVersion", bool_or(t.state = 'active') as active,
         coalesce((select jsonb_agg(jsonb_build_object('half', s.half, 'state', s.state,
             'code', s.code, 'detail', s.detail, 'provenAt', s.proven_at, 'settingsHash', s.settings_hash))
           from image_policy_states s
           where s.cluster_id = c.id and s.environment_id = $1), '[]') as states
       from clusters c join targets t on t.cluster_id = c.id
       where t.environment_id = $1 group by c.id order by c.name`,
      [scope.environmentId],
    );
  }

  async environmentName(scope: EnvironmentScope): Promise<string> {
    const row = await this.database.one<{ name: string }>(
      'select name from environments where id = $1',
      [scope.environmentId],
    );
    return row?.name ?? '';
  }
}
