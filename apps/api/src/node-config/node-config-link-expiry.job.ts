import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOG, type Log } from '../config/log.js';
import { NodeConfigLinksRepository } from './node-config-links.repository.js';

const EVERY_MS = 300_000; // only tidies up: an expired link opens nothing from that second on

@Injectable()
export class NodeConfigLinkExpiryJob implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: NodeConfigLinksRepository,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.repository
        .deleteExpired()
        .catch((error: unknown) => this.log.warn({ err: error }, 'expired links not deleted'));
    }, EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }
}
