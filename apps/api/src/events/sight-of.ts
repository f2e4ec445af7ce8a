import type { MemberRole } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { environmentPermissions, installationPermissions } from '../auth/access-decision.js';
import type { Actor } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Sight } from './event-visibility.js';

const STILL_VALID = `select u.role from users u where u.id = $1 and u.state = 'active'
  and ($2::uuid is null or exists (select 1 from sessions s where s.id = $2 and s.expires_at > now()))
  and ($3::uuid is null or exists (select 1 from api_keys k where k.id = $3 and (k.expires_at is null or k.expires_at > now())))`;

/** What a caller may read now; undefined when their session, key or user is no longer valid. */
@Injectable()
export class SightOf {
  constructor(private readonly database: Database) {}

  async load(actor: Actor): Promise<Sight | undefined> {
    const user = await this.database.one<Pick<Actor, 'role'>>(STILL_VALID, [
      actor.userId,
      actor.sessionId,
      actor.keyId,
    ]);
    if (user === undefined) return undefined;
    const rows = await this.database.query<{ id: string; memberRole: MemberRole | null }>(
      `select e.id, m.role as "memberRole" from environments e
       left join members m on m.environment_id = e.id and m.user_id = $1 where $2 or m.user_id is not null`,
      [actor.userId, user.role === 'admin'],
    );
    const bounds = {
      role: user.role,
      keyPermissions: actor.keyPermissions,
      keyEnvironmentId: actor.keyEnvironmentId,
    };
    const environments = rows.flatMap((row) => {
      const permissions = environmentPermissions(bounds, row);
      return permissions === null ? [] : [[row.id, permissions] as const];
    });
    return { installation: installationPermissions(bounds), environments: new Map(environments) };
  }
}
