import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOG, type Log } from '../config/log.js';
import { IdempotencyRepository } from './idempotency.repository.js';

const EVERY_MS = 3600_000; // keys are kept for a day; an hour more does not matter

@Injectable()
export class IdempotencyExpiryJob implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: IdempotencyRepository,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.repository
        .deleteOld()
        .catch((error: unknown) =>
          this.log.warn({ err: error }, 'old idempotency keys not deleted'),
        );
    }, EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }
}
