/** Who is affected by disabling or deleting a registry or a credential, before it is done. */
import type { Impact } from '@moorage/contract';
import {
  canonicalRegistry,
  decideEffectiveCredentials,
  type EffectiveCredential,
  parseNodeEndpoint,
  type StackedRegistry,
  scopeContains,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { notFound } from '../http/problem.js';
import {
  type ImpactCredentialRow,
  type ImpactMirrorRow,
  type ImpactRegistryRow,
  ImpactsRepository,
} from './impacts.repository.js';

type Action = Impact['action'];

@Injectable()
export class ImpactsService {
  constructor(private readonly repository: ImpactsRepository) {}

  async ofRegistry(scope: EnvironmentScope, registryId: string, action: Action): Promise<Impact> {
    const { registry, credentials } = await this.#load(scope, registryId);
    const changes = describeChanges(registry, credentials, []);
    // Its certificates and its http leave the nodes with it, whatever becomes of its logins.
    const settingsLeave = registry.state === 'enabled' && registry.hasNodeSettings;
    const targets = await this.#reached(scope, registry, changes, settingsLeave);
    const mirrors = (await this.repository.listMirrors(scope))
      .filter((mirror) => concerns(mirror, registry.address))
      .map(({ id, registry }) => ({ id, registry }));
    return { action, changes, targets, mirrors };
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
    const changes = describeChanges(registry, credentials, rest);
    const targets = await this.#reached(scope, registry, changes, false);
    return { action, changes, targets, mirrors: [] };
  }

  async #load(scope: EnvironmentScope, registryId: string) {
    const registry = await this.repository.findRegistry(scope, registryId);
    if (registry === undefined) throw notFound();
    return { registry, credentials: await this.repository.listCredentials(registryId) };
  }

  /** Pull secrets hold every login; nodes are given those of whole registries, and only by some targets. */
  async #reached(
    scope: EnvironmentScope,
    { deliver }: ImpactRegistryRow,
    changes: Impact['changes'],
    settingsLeave: boolean,
  ): Promise<Impact['targets']> {
    const reachesPods = changes.length > 0 && deliver !== 'nodes';
    const loginLeaves = deliver !== 'pull-secret' && changes.some((change) => change.scope === '');
    if (!reachesPods && !loginLeaves && !settingsLeave) return [];
    return (await this.repository.listTargets(scope))
      .filter(({ ownsNodeConfig }) => reachesPods || ownsNodeConfig)
      .map(({ targetId, clusterId, clusterName, namespaces }) => {
        return { targetId, clusterId, clusterName, namespaces: reachesPods ? namespaces : 0 };
      });
  }
}

function describeChanges(
  registry: ImpactRegistryRow,
  before: readonly ImpactCredentialRow[],
  after: readonly ImpactCredentialRow[],
): Impact['changes'] {
  const rows = new Map(before.map((row) => [row.id, row]));
  const remaining = effective(registry, after);
  return effective(registry, before).flatMap((login) => {
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
}

/** A mirror of the registry, or one that fetches from it. */
function concerns({ registry, endpoints }: ImpactMirrorRow, address: string): boolean {
  const hosts = endpoints.map((text) => parseNodeEndpoint(text)?.host ?? '');
  return registry === address || hosts.some((host) => canonicalRegistry(host) === address);
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
