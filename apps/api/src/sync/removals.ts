/**
 * Moves removals on: targets follow their environment or cluster out, and these are deleted when
 * their last target has been cleaned. Every step is one statement that any replica may repeat.
 */
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { RemovalAnnouncements } from './removal-announcements.js';
import { SyncRepository } from './sync.repository.js';

@Injectable()
export class Removals {
  constructor(
    private readonly database: Database,
    private readonly repository: SyncRepository,
    private readonly environments: EnvironmentsService,
    private readonly announcements: RemovalAnnouncements,
  ) {}

  async advance(): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const target of await this.repository.startRemovingTargets(tx)) {
        await this.announcements.targetLeaves(tx, target);
      }
      for (const cluster of await this.repository.deleteCleanedClusters(tx)) {
        await this.announcements.clusterGone(tx, cluster);
      }
    });
    await this.environments.finishRemovals();
  }
}
