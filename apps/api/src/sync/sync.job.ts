import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ChangeFeed } from '../events/change-feed.js';
import { SyncService } from './sync.service.js';

/** When sync runs: from the application's start to its end, and at every change. */
@Injectable()
export class SyncJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly sync: SyncService,
    private readonly feed: ChangeFeed,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // Listens first: what changes while clusters are being taken must not be missed.
    this.#unsubscribe = this.feed.onChange((change) => {
      const { objectId: id, ...rest } = change;
      this.sync.noteChange({ id, ...rest });
    });
    await this.sync.start();
  }

  // Before the database closes: what is held is given back, so that another replica need not wait.
  async beforeApplicationShutdown(): Promise<void> {
    this.#unsubscribe?.();
    await this.sync.stop();
  }
}
