import type { Permission } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { environmentPermissions, installationPermissions } from './access-decision.js';
import type { Actor } from './actor.js';
import { AuthRepository, type EnvironmentRoleRow } from './auth.repository.js';

/** Who has made something that acts for them later. */
export interface Holder {
  readonly userId: string;
  /** null = made without a key */
  readonly apiKeyId: string | null;
}

/** A holder as of now. */
export interface Standing {
  readonly actor: Pick<Actor, 'kind' | 'id' | 'name'>;
  readonly environment: Pick<EnvironmentRoleRow, 'id' | 'name' | 'state'>;
  readonly permissions: ReadonlySet<Permission>;
}

/** What a caller holds now, outside the one environment of a request. */
@Injectable()
export class HeldPermissions {
  constructor(private readonly repository: AuthRepository) {}

  /** Null when the caller may not know of that environment. */
  async inEnvironment(
    actor: Actor,
    environmentId: string,
  ): Promise<ReadonlySet<Permission> | null> {
    const row = await this.repository.findEnvironment(environmentId, actor.userId);
    return row === undefined ? null : environmentPermissions(actor, row);
  }

  /** Null when there is nothing left: the user is gone or off, the key is, or they have no role there. */
  async ofHolder(holder: Holder, environmentId: string): Promise<Standing | null> {
    const found = await this.#find(holder);
    const row = await this.repository.findEnvironment(environmentId, holder.userId);
    if (found === null || row === undefined) return null;
    const permissions = environmentPermissions(found.bounds, row);
    return permissions === null ? null : { actor: found.actor, environment: row, permissions };
  }

  /** In the installation, and in whatever environment the caller has a role. */
  async anywhere(actor: Actor): Promise<ReadonlySet<Permission>> {
    const held = new Set(installationPermissions(actor));
    for (const memberRole of await this.repository.findMemberRoles(actor.userId)) {
      for (const permission of environmentPermissions(actor, { id: '', memberRole }) ?? [])
        held.add(permission);
    }
    return held;
  }

  async #find({ userId, apiKeyId }: Holder) {
    if (apiKeyId === null) {
      const user = await this.repository.findActiveUser(userId);
      if (user === undefined) return null;
      const bounds = { role: user.role, keyPermissions: null, keyEnvironmentId: null };
      return { bounds, actor: { kind: 'user' as const, id: userId, name: user.username } };
    }
    const key = await this.repository.findApiKey(apiKeyId);
    if (key === undefined || key.userId !== userId) return null;
    const { role, permissions, environmentId: keyEnvironmentId } = key;
    const name = `${key.keyName} (${key.username})`;
    return {
      bounds: { role, keyPermissions: new Set(permissions), keyEnvironmentId },
      actor: { kind: 'api-key' as const, id: apiKeyId, name },
    };
  }
}
