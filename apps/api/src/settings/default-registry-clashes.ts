import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { Problem } from '../http/problem.js';
import { type DefaultRegistryOf, defaultRegistries } from './setting-change.js';
import { type LevelRow, SettingsRepository } from './settings.repository.js';

/**
 * Two environments that serve one namespace cannot put different registries in front of its bare
 * image names. What a caller may not know of the other environment is not told.
 */
@Injectable()
export class DefaultRegistryClashes {
  constructor(private readonly repository: SettingsRepository) {}

  async refuse(
    actor: Actor,
    { before, after }: { before: readonly LevelRow[]; after: readonly LevelRow[] },
  ): Promise<void> {
    const { all, changed } = defaultRegistries(before, after);
    if (changed.size === 0 || new Set(all.map(({ registry }) => registry)).size < 2) return;
    const byId = new Map(all.map((each) => [each.environmentId, each]));
    const shared = await this.repository.listSharedNamespaces([...changed], [...byId.keys()]);
    for (const { environmentId, otherId, clusterName, namespace } of shared) {
      const own = byId.get(environmentId);
      const other = byId.get(otherId);
      if (own === undefined || other === undefined || own.registry === other.registry) continue;
      const place = `namespace ${namespace} of cluster ${clusterName}`;
      throw clash(own, (await this.#mayKnow(actor, otherId)) ? other : null, place);
    }
  }

  async #mayKnow(actor: Actor, environmentId: string): Promise<boolean> {
    const { keyEnvironmentId, role, userId } = actor;
    if (keyEnvironmentId !== null && keyEnvironmentId !== environmentId) return false;
    return role === 'admin' || (await this.repository.isMember(environmentId, userId));
  }
}

function clash(own: DefaultRegistryOf, other: DefaultRegistryOf | null, place: string): Problem {
  const detail =
    other === null
      ? `Another environment has a different default registry in ${place}, which ${own.environmentName} shares with it. Ask an administrator of the installation which one it is, or separate the namespaces.`
      : `The environments ${own.environmentName} and ${other.environmentName} share ${place}, but would have different default registries, ${own.registry} and ${other.registry}. Give them the same one, or separate their namespaces.`;
  return new Problem('policy.conflict', detail, {
    errors: [{ pointer: '/value', code: 'policy.two-default-registries', detail }],
  });
}
