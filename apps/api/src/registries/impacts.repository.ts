import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';

export interface ImpactRegistryRow {
  readonly id: string;
  readonly address: string;
  readonly state: 'enabled' | 'disabled';
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  /** nodes are told more of it than a login: certificates, http, a skipped check */
  readonly hasNodeSettings: boolean;
}

export interface ImpactCredentialRow {
  readonly id: string;
  readonly scope: string;
  readonly state: 'enabled' | 'disabled';
  readonly sequence: number;
  readonly username: string;
  readonly expiresAt: Date | null;
}

export interface ImpactTargetRow {
  readonly targetId: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly namespaces: number;
  readonly ownsNodeConfig: boolean;
}

export interface ImpactMirrorRow {
  readonly id: string;
  readonly registry: string;
  readonly endpoints: readonly string[];
}

@Injectable()
export class ImpactsRepository {
  constructor(private readonly database: Database) {}

  findRegistry(scope: EnvironmentScope, id: string): Promise<ImpactRegistryRow | undefined> {
    return this.database.one<ImpactRegistryRow>(
      `select id, address, state, deliver, scheme = 'http' or insecure_skip_verify or ca_certificate is not null
         or client_certificate is not null as "hasNodeSettings"
       from registries where id = $1 and environment_id = $2`,
      [id, scope.environmentId],
    );
  }

  listCredentials(registryId: string): Promise<ImpactCredentialRow[]> {
    return this.database.query<ImpactCredentialRow>(
      'select id, scope, state, sequence, username, expires_at as "expiresAt" from credentials where registry_id = $1',
      [registryId],
    );
  }

  /** The targets that hold the environment's logins, with the namespaces that they serve. */
  listTargets(scope: EnvironmentScope): Promise<ImpactTargetRow[]> {
    return this.database.query<ImpactTargetRow>(
      `select t.id as "targetId", t.cluster_id as "clusterId", k.name as "clusterName",
         (select count(*)::int from target_namespaces n where n.target_id = t.id and n.state <> 'ignored') as namespaces,
         t.node_config_enabled as "ownsNodeConfig"
       from targets t join clusters k on k.id = t.cluster_id
       where t.environment_id = $1 and t.state = 'active' order by k.name, t.id`,
      [scope.environmentId],
    );
  }

  listMirrors(scope: EnvironmentScope): Promise<ImpactMirrorRow[]> {
    return this.database.query<ImpactMirrorRow>(
      'select id, registry, endpoints from mirrors where environment_id = $1 order by position, id',
      [scope.environmentId],
    );
  }
}
