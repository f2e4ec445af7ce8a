import type { KnownRegistry, RewriteRule } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/transaction.js';

export interface NodeRegistryRow {
  readonly id: string;
  readonly address: string;
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  readonly scheme: 'https' | 'http';
  readonly caCertificate: string | null;
  readonly insecureSkipVerify: boolean;
  readonly clientCertificate: string | null;
  readonly clientKeySealed: Buffer | null;
  readonly clientKeyKeyId: string | null;
}

export interface NodeMirrorRow {
  readonly registry: string;
  readonly endpoints: readonly string[];
  readonly rewrites: readonly RewriteRule[];
}

export interface NodeClusterRow {
  readonly id: string;
  readonly name: string;
  readonly simulated: boolean;
}

@Injectable()
export class NodeConfigRepository {
  constructor(private readonly database: Database) {}

  /** Enabled registries; a disabled one has left every node. */
  listRegistries(environmentId: string): Promise<NodeRegistryRow[]> {
    return this.database.query<NodeRegistryRow>(
      `select id, address, deliver, scheme, ca_certificate as "caCertificate", insecure_skip_verify as "insecureSkipVerify",
         client_certificate as "clientCertificate", client_key_sealed as "clientKeySealed", client_key_key_id as "clientKeyKeyId"
       from registries where environment_id = $1 and state = 'enabled' order by address`,
      [environmentId],
    );
  }

  /** Registries in whatever state, as far as an import looks at them. */
  listKnown(environmentId: string, on: Queryable): Promise<KnownRegistry[]> {
    return on.query(
      `select r.address, r.state, r.deliver, r.scheme, r.insecure_skip_verify as "insecureSkipVerify",
         r.ca_certificate is not null as "hasCaCertificate",
         r.client_certificate is not null and r.client_key_sealed is not null as "hasClientCertificate",
         exists (select 1 from credentials c where c.registry_id = r.id and c.scope = '' and c.state = 'enabled') as "hasLogin"
       from registries r where r.environment_id = $1 order by r.address`,
      [environmentId],
    );
  }

  /** Of two imports into one environment the second waits here. False when it is gone or being removed. */
  async holdEnvironment(tx: Tx, environmentId: string): Promise<boolean> {
    const row = await tx.one(
      `select 1 from environments where id = $1 and state = 'active' for no key update`,
      [environmentId],
    );
    return row !== undefined;
  }

  listMirrors(environmentId: string, on: Queryable = this.database): Promise<NodeMirrorRow[]> {
    return on.query<NodeMirrorRow>(
      'select registry, endpoints, rewrites from mirrors where environment_id = $1 order by position, id',
      [environmentId],
    );
  }

  /** Clusters whose nodes take their config from this environment. */
  listNodeClusters(scope: EnvironmentScope): Promise<NodeClusterRow[]> {
    return this.database.query<NodeClusterRow>(
      `select c.id, c.name, c.simulated from targets t join clusters c on c.id = t.cluster_id
       where t.environment_id = $1 and t.state = 'active' and t.node_config_enabled order by c.name`,
      [scope.environmentId],
    );
  }

  async hasTarget(scope: EnvironmentScope, clusterId: string): Promise<boolean> {
    const row = await this.database.one(
      `select 1 from targets where environment_id = $1 and cluster_id = $2 and state = 'active' limit 1`,
      [scope.environmentId, clusterId],
    );
    return row !== undefined;
  }
}
