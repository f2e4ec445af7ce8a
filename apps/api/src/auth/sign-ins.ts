import type { SecretText } from '@moorage/core';
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log } from '../config/log.js';
import { Problem } from '../http/problem.js';
import { LoginLimit } from './login-limit.js';
import { SessionService } from './session.service.js';
import { Strategies } from './strategies.js';

interface Origin {
  readonly requestId: string;
  readonly address: string;
}

/** Checks name and password within the limits and starts a session. One answer for every failure. */
@Injectable()
export class SignIns {
  constructor(
    private readonly strategies: Strategies,
    private readonly limit: LoginLimit,
    private readonly sessions: SessionService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async signIn(body: { username: string; password: string }, from: Origin): Promise<SecretText> {
    const account = body.username.trim().toLowerCase();
    this.limit.attempt(account, from.address);
    const verdict = await this.strategies.byPassword({
      method: 'POST',
      headers: {},
      body,
      query: {},
    });
    if (verdict.kind !== 'success') {
      // Not the name: people type their password there.
      this.log.warn({ requestId: from.requestId, address: from.address }, 'sign-in refused');
      throw new Problem('session.invalid-login');
    }
    this.limit.succeeded(account, from.address);
    return this.sessions.start(verdict.user, from);
  }
}
