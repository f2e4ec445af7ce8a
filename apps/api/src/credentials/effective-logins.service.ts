/**
 * The logins of an environment that are effective now, opened: for pull secrets and node config.
 * The only way out of the store for a secret; nothing that answers a person calls it.
 */
import { decideEffectiveCredentials, type SecretText, type StackedRegistry } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { CredentialSealer } from './credential-sealer.js';
import { CredentialsRepository, type SealedCredentialRow } from './credentials.repository.js';

export interface EffectiveLogin {
  readonly registryId: string;
  readonly address: string;
  /** empty = the whole registry */
  readonly scope: string;
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  readonly credentialId: string;
  readonly username: string;
  readonly secret: SecretText;
}

@Injectable()
export class EffectiveLoginsService {
  constructor(
    private readonly repository: CredentialsRepository,
    private readonly sealer: CredentialSealer,
  ) {}

  /** Sorted by address and scope. A secret that does not open throws: nothing wrong is delivered in its place. */
  async load(environmentId: string): Promise<EffectiveLogin[]> {
    const rows = await this.repository.loadSealed(environmentId);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return decideEffectiveCredentials(groupByRegistry(rows)).flatMap((effective) => {
      const row = byId.get(effective.credentialId);
      if (row === undefined) return [];
      return [{ ...effective, username: row.username, secret: this.sealer.open(row.id, row) }];
    });
  }
}

function groupByRegistry(rows: readonly SealedCredentialRow[]): StackedRegistry[] {
  const registries = new Map<string, StackedRegistry & { credentials: SealedCredentialRow[] }>();
  for (const row of rows) {
    const registry = registries.get(row.registryId) ?? {
      id: row.registryId,
      address: row.address,
      state: row.registryState,
      deliver: row.deliver,
      credentials: [],
    };
    registry.credentials.push(row);
    registries.set(row.registryId, registry);
  }
  return [...registries.values()];
}
