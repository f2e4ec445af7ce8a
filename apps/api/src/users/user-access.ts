import type { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { LoginLimit } from '../auth/login-limit.js';
import { PasswordHash } from '../auth/password-hash.js';
import { SessionService } from '../auth/session.service.js';
import type { Tx } from '../database/transaction.js';

/** What changing a user does to the ways in: passwords and sessions. */
@Injectable()
export class UserAccess {
  constructor(
    private readonly passwords: PasswordHash,
    private readonly sessions: SessionService,
    private readonly limit: LoginLimit,
  ) {}

  hash(password: SecretText): Promise<string> {
    return this.passwords.hash(password);
  }

  /** Within the limits of signing in: a stolen session must not be the way to guess its password. */
  async confirm(actor: Actor, stored: string | null, password: SecretText): Promise<boolean> {
    const address = actor.address ?? '';
    this.limit.attempt(actor.username, address);
    const right = await this.passwords.matches(stored, password);
    if (right) this.limit.succeeded(actor.username, address);
    return right;
  }

  endSessions(tx: Tx, userId: string, exceptId: string | null): Promise<void> {
    return this.sessions.endAll(tx, userId, exceptId);
  }
}
