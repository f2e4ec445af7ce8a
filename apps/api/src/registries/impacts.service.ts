/** Who is affected by disabling or deleting a registry or a credential, before it is done. */
import type { Impact } from '@moorage/contract';
import {
  decideEffectiveCredentials,
  type EffectiveCredential,
  type StackedRegistry,
  scopeContains,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { notFound } from '../http/problem.js';
import {
  type ImpactCredentialRow,
  type ImpactRegistryRow,
  ImpactsRepository,
} from './impacts.repository.js';

type Action = Impact['action'];

@Injectable()
export class ImpactsService {
  constructor(private readonly repository: ImpactsRepository) {}

  async ofRegistry(scope: EnvironmentScope, registryId: string, action: Action): Promise<Impact> {
    const { registry, credentials } = await this.#load(scope, registryId);
    const mirrors = await this.repository.listMirrors(scope, registry.address);
    return { ...(await this.#describe(scope, registry, credentials, [])), action, mirrors };
  }

  async ofCredential(
    scope: EnvironmentScope,
    registryId: string,
    credentialId: string,
    action: Action,
  ): Promise<Impact> {
    const { registry, credentials } = await this.#load(scope, registryId);
    if (!credentials.some(({ id }) => id === credentialId)) throw notFound();
    const rest = credentials.filter(({ id }) => id !== credentialId);
    return { ...(await this.#describe(scope, registry, credentials, rest)), action, mirrors: [] };
  }

  async #load(scope: EnvironmentScope, registryId: string) {
    const registry = await this.repository.findRegistry(scope, registryId);
    if (registry === undefined) throw notFound();
    return { registry, credentials: await this.repository.listCredentials(registryId) };
  }

  async #describe(
    scope: EnvironmentScope,
    registry: ImpactRegistryRow,
    before: readonly ImpactCredentialRow[],
    after: readonly ImpactCredentialRow[],
  ) {
    const rows = new Map(before.map((row) => [row.id, row]));
    const remaining = effective(registry, after);
    const changes = effective(registry, before).flatMap((login) => {
      const replacement = serving(remaining, login.scope);
      const row = rows.get(login.credentialId);
      if (row === undefined || replacement?.credentialId === login.credentialId) return [];
      const next = replacement === undefined ? undefined : rows.get(replacement.credentialId);
      return [
        {
          address: registry.address,
          scope: login.scope,
          before: present(row),
          after: next === undefined ? null : present(next),
        },
      ];
    });
    const reaches = changes.length > 0 && registry.deliver !== 'nodes';
    return { changes, targets: reaches ? await this.repository.listTargets(scope) : [] };
  }
}

function effective(
  { id, address, state, deliver }: ImpactRegistryRow,
  credentials: readonly ImpactCredentialRow[],
): readonly EffectiveCredential[] {
  const registry: StackedRegistry = { id, address, state, deliver, credentials };
  return decideEffectiveCredentials([registry]);
}

/** What serves the repositories of a scope: its own login, else the longest that contains it. */
function serving(
  logins: readonly EffectiveCredential[],
  scope: string,
): EffectiveCredential | undefined {
  return logins
    .filter((login) => scopeContains(login.scope, scope))
    .sort((a, b) => b.scope.length - a.scope.length)[0];
}

function present(row: ImpactCredentialRow) {
  return {
    id: row.id,
    username: row.username,
    scope: row.scope,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}
