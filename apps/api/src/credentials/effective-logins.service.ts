/**
 * The logins of an environment that are effective now: for pull secrets and node config. `load` is
 * the only way out of the store for a secret; for what people see there is `list`.
 */
import {
  decideEffectiveCredentials,
  type EffectiveCredential,
  type SecretText,
  type StackedRegistry,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { CredentialSealer } from './credential-sealer.js';
import { CredentialsRepository, type SealedCredentialRow } from './credentials.repository.js';

export interface EffectiveUser extends EffectiveCredential {
  readonly username: string;
}

export interface EffectiveLogin extends EffectiveUser {
  readonly secret: SecretText;
}

@Injectable()
export class EffectiveLoginsService {
  constructor(
    private readonly repository: CredentialsRepository,
    private readonly sealer: CredentialSealer,
  ) {}

  /** Sorted by address and scope, without secrets: none is opened. */
  async list(environmentId: string): Promise<EffectiveUser[]> {
    return decide(await this.repository.loadSealed(environmentId)).map(({ effective, row }) => {
      return { ...effective, username: row.username };
    });
  }

  /** As `list`, opened. A secret that does not open throws: nothing wrong is delivered in its place. */
  async load(environmentId: string): Promise<EffectiveLogin[]> {
    return decide(await this.repository.loadSealed(environmentId)).map(({ effective, row }) => {
      return { ...effective, username: row.username, secret: this.sealer.open(row.id, row) };
    });
  }
}

function decide(rows: readonly SealedCredentialRow[]) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return decideEffectiveCredentials(groupByRegistry(rows)).flatMap((effective) => {
    const row = byId.get(effective.credentialId);
    return row === undefined ? [] : [{ effective, row }];
  });
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
