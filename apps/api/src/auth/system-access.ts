/**
 * For jobs of our own that use a noun's service as a caller would: acts for the first administrator, named
 * as the job in the audit. Beside the guard the only place that proves an environment.
 */
import { PERMISSIONS } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { Actor, EnvironmentScope } from './actor.js';
import { AuthRepository } from './auth.repository.js';

@Injectable()
export class SystemAccess {
  constructor(private readonly repository: AuthRepository) {}

  /** Undefined while the installation has no administrator. */
  async actorFor(job: string): Promise<Actor | undefined> {
    const admin = await this.repository.findFirstAdmin();
    if (admin === undefined) return undefined;
    const nobody = { id: null, sessionId: null, keyId: null, requestId: null, address: null };
    return {
      ...nobody,
      kind: 'system',
      name: job,
      userId: admin.userId,
      username: job,
      displayName: job,
      role: 'admin',
      keyPermissions: null,
      keyEnvironmentId: null,
    };
  }

  async scopeOf(actor: Actor, idOrName: string): Promise<EnvironmentScope | undefined> {
    const row = await this.repository.findEnvironment(idOrName, actor.userId);
    if (row === undefined) return undefined;
    const { id, memberRole: _, ...environment } = row;
    return {
      ...environment,
      environmentId: id,
      role: 'admin',
      permissions: new Set(PERMISSIONS),
    } as unknown as EnvironmentScope; // mints the brand for our own job
  }
}
