import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ChangeFeed } from '../events/change-feed.js';
import { SyncService } from './sync.service.js';

/** When sync runs: from the application's start to its end, and at every change. */
@Injectable()
export class SyncJob implements OnApplicationBootstrap, OnApplicationShutdown {
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

  async onApplicationShutdown(): Promise<void> {
    this.#unsubscribe?.();
    await this.sync.stop();
  }
}
