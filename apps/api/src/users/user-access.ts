import type { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';

import { PasswordHash } from '../auth/password-hash.js';
import { SessionService } from '../auth/session.service.js';
import type { Tx } from '../database/transaction.js';

/** What changing a user does to the ways in: passwords and sessions. */
@Injectable()
export class UserAccess {
  constructor(
    private readonly passwords: PasswordHash,
    private readonly sessions: SessionService,
  ) {}

  hash(password: SecretText): Promise<string> {
    return this.passwords.hash(password);
  }

  matches(stored: string | null, password: SecretText): Promise<boolean> {
    return this.passwords.matches(stored, password);
  }

  endSessions(tx: Tx, userId: string, exceptId: string | null): Promise<void> {
    return this.sessions.endAll(tx, userId, exceptId);
  }
}
