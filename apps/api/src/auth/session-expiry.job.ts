import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOG, type Log } from '../config/log.js';
import { AuthRepository } from './auth.repository.js';

const EVERY_MS = 3600_000; // only tidies up: an expired session is refused at once

@Injectable()
export class SessionExpiryJob implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: AuthRepository,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.repository
        .deleteExpiredSessions()
        .catch((error: unknown) => this.log.warn({ err: error }, 'expired sessions not deleted'));
    }, EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }
}
