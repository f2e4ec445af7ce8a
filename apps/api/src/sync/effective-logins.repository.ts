/**
 * What an environment delivers: its effective credentials with their secrets, and what else nodes
 * need to know. One statement per document, so that no reader sees half of a change.
 */
import { decideEffectiveCredentials, type EnabledState, type SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { SecretBox } from '../sealing/secret-box.js';

export interface EffectiveLogin {
  readonly registryId: string;
  readonly credentialId: string;
  readonly address: string;
  readonly scope: string;
  readonly username: string;
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
}

export interface OpenedLogin extends EffectiveLogin {
  readonly secret: SecretText;
}

export interface NodeRegistryRow {
  readonly id: string;
  readonly address: string;
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  readonly scheme: 'https' | 'http';
  readonly caCertificate: string | null;
  readonly insecureSkipVerify: boolean;
  readonly clientCertificate: string | null;
  readonly clientKey: SecretText | null;
}

export interface MirrorRow {
  readonly registry: string;
  readonly endpoints: readonly string[];
  readonly rewrites: readonly { readonly pattern: string; readonly replacement: string }[];
}

interface LoginRow extends EffectiveLogin {
  readonly state: EnabledState;
  readonly sequence: number;
  readonly sealed: Buffer;
  readonly keyId: string;
}

const ENABLED_LOGINS = `
  select r.id as "registryId", r.address, r.deliver, c.id as "credentialId", c.scope, c.username,
         c.state, c.sequence, c.secret_sealed as sealed, c.secret_key_id as "keyId"
  from registries r join credentials c on c.registry_id = r.id
  where r.environment_id = $1 and r.state = 'enabled' and c.state = 'enabled'`;

const NODE_REGISTRIES = `
  select id, address, deliver, scheme, ca_certificate as "caCertificate",
         insecure_skip_verify as "insecureSkipVerify", client_certificate as "clientCertificate",
         client_key_sealed as sealed, client_key_key_id as "keyId"
  from registries where environment_id = $1 and state = 'enabled' order by address`;

type NodeRegistryStored = Omit<NodeRegistryRow, 'clientKey'> & {
  readonly sealed: Buffer | null;
  readonly keyId: string | null;
};

@Injectable()
export class EffectiveLoginsRepository {
  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
  ) {}

  /** The effective credential of every enabled (registry, scope), opened. */
  async loadOpened(environmentId: string): Promise<readonly OpenedLogin[]> {
    const rows = await this.#loadEffective(environmentId);
    return rows.map(({ sealed, keyId, state: _state, sequence: _sequence, ...login }) => {
      const identity = { table: 'credentials', id: login.credentialId, field: 'secret' };
      return { ...login, secret: this.secretBox.open({ sealed, keyId }, identity) };
    });
  }

  /** The same without opening any secret. */
  async loadEffective(environmentId: string): Promise<readonly EffectiveLogin[]> {
    return await this.#loadEffective(environmentId);
  }

  async loadNodeRegistries(environmentId: string): Promise<readonly NodeRegistryRow[]> {
    const rows = await this.database.query<NodeRegistryStored>(NODE_REGISTRIES, [environmentId]);
    return rows.map(({ sealed, keyId, ...registry }) => {
      const identity = { table: 'registries', id: registry.id, field: 'client_key' };
      const clientKey =
        sealed === null || keyId === null ? null : this.secretBox.open({ sealed, keyId }, identity);
      return { ...registry, clientKey };
    });
  }

  loadMirrors(environmentId: string): Promise<MirrorRow[]> {
    return this.database.query<MirrorRow>(
      'select registry, endpoints, rewrites from mirrors where environment_id = $1 order by position, registry',
      [environmentId],
    );
  }

  async #loadEffective(environmentId: string): Promise<readonly LoginRow[]> {
    const rows = await this.database.query<LoginRow>(ENABLED_LOGINS, [environmentId]);
    const byCredential = new Map(rows.map((row) => [row.credentialId, row]));
    const registries = [...Map.groupBy(rows, (row) => row.registryId)].flatMap(([id, stack]) => {
      const first = stack[0];
      if (first === undefined) return [];
      const credentials = stack.map(({ credentialId, scope, state, sequence }) => {
        return { id: credentialId, scope, state, sequence };
      });
      const { address, deliver } = first;
      return [{ id, address, deliver, state: 'enabled' as const, credentials }];
    });
    return decideEffectiveCredentials(registries).flatMap(
      (effective) => byCredential.get(effective.credentialId) ?? [],
    );
  }
}
