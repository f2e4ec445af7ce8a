import type { Permission } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { environmentPermissions, installationPermissions } from './access-decision.js';
import type { Actor } from './actor.js';
import { AuthRepository } from './auth.repository.js';

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

  /** In the installation, and in whatever environment the caller has a role. */
  async anywhere(actor: Actor): Promise<ReadonlySet<Permission>> {
    const held = new Set(installationPermissions(actor));
    for (const memberRole of await this.repository.findMemberRoles(actor.userId)) {
      for (const permission of environmentPermissions(actor, { id: '', memberRole }) ?? [])
        held.add(permission);
    }
    return held;
  }
}
