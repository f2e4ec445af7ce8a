import type { GrantList, GrantsPut } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '../auth/actor.js';
import { Database } from '../database/database.js';
import { notFound } from '../http/problem.js';
import { ClusterAnnouncements } from './cluster-announcements.js';
import { ClustersRepository } from './clusters.repository.js';

/** Which environments may use which namespaces of a cluster. */
@Injectable()
export class GrantsService {
  constructor(
    private readonly database: Database,
    private readonly repository: ClustersRepository,
    private readonly announcements: ClusterAnnouncements,
  ) {}

  async list(clusterId: string): Promise<z.output<typeof GrantList>> {
    if ((await this.repository.find(clusterId)) === undefined) throw notFound();
    return { items: await this.repository.listGrants(clusterId) };
  }

  /** Targets that lose namespaces by it leave them. */
  async replace(
    actor: Actor,
    clusterId: string,
    grants: z.output<typeof GrantsPut>,
  ): Promise<z.output<typeof GrantList>> {
    return await this.database.transaction(async (tx) => {
      const row = await this.repository.lock(tx, clusterId);
      if (row === undefined) throw notFound();
      const before = await this.repository.listGrants(clusterId, tx);
      // The same environment twice: both globs count.
      const merged = [...Map.groupBy(grants, (grant) => grant.environmentId)].map(
        ([environmentId, same]) => ({
          environmentId,
          namespaces: [...new Set(same.flatMap((grant) => grant.namespaces))],
        }),
      );
      await this.repository.replaceGrants(tx, clusterId, merged);
      const after = await this.repository.listGrants(clusterId, tx);
      await this.announcements.granted(tx, { actor, row, before, after });
      return { items: after };
    });
  }
}
