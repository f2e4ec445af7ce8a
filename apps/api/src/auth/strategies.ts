/** The three ways to say who is calling, as passport strategies over our own tables. */
import { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { Strategy as CustomStrategy } from 'passport-custom';
import { Strategy as BearerStrategy } from 'passport-http-bearer';
import { Strategy as LocalStrategy } from 'passport-local';
import { Env } from '../config/env.js';
import { hashApiKeySecret, isSameHash, parseApiKeyToken } from './api-key-token.js';
import {
  type ApiKeyIdentityRow,
  AuthRepository,
  type SessionRow,
  type SignInRow,
} from './auth.repository.js';
import { type RequestView, runStrategy, type Verdict } from './passport-runner.js';
import { PasswordHash } from './password-hash.js';
import { hashSessionToken, readSessionCookie } from './session-cookie.js';

type Done = (error: unknown, user?: object | false) => void;

/** Bridges a promise to passport's callback. */
function settle(work: Promise<object | undefined>, done: Done): void {
  work.then((user) => done(null, user ?? false), done);
}

@Injectable()
export class Strategies {
  readonly #local: LocalStrategy;
  readonly #bearer: BearerStrategy<(token: string, done: Done) => void>;
  readonly #session: InstanceType<typeof CustomStrategy>;

  constructor(
    private readonly repository: AuthRepository,
    private readonly passwords: PasswordHash,
    env: Env,
  ) {
    const secure = env.publicUrl?.startsWith('https:') === true;
    this.#local = new LocalStrategy((username, password, done) =>
      settle(this.#checkPassword(username, SecretText.of(password)), done),
    );
    this.#bearer = new BearerStrategy((token: string, done: Done) =>
      settle(this.#checkApiKey(token), done),
    );
    this.#session = new CustomStrategy((request, done) => {
      const token = readSessionCookie(request.headers.cookie, secure);
      settle(
        token === null
          ? Promise.resolve(undefined)
          : this.repository.findSession(hashSessionToken(token)),
        done,
      );
    });
  }

  byPassword(view: RequestView): Promise<Verdict<SignInRow>> {
    return runStrategy(this.#local, view);
  }

  byApiKey(view: RequestView): Promise<Verdict<ApiKeyIdentityRow>> {
    return runStrategy(this.#bearer, view);
  }

  bySession(view: RequestView): Promise<Verdict<SessionRow>> {
    return runStrategy(this.#session, view);
  }

  async #checkPassword(username: string, password: SecretText): Promise<SignInRow | undefined> {
    const user = await this.repository.findUserForSignIn(username.trim().toLowerCase());
    const right = await this.passwords.matches(user?.passwordHash ?? null, password);
    if (!right || user === undefined) return undefined;
    const { passwordHash: _, ...identity } = user;
    return identity;
  }

  async #checkApiKey(token: string): Promise<ApiKeyIdentityRow | undefined> {
    const parsed = parseApiKeyToken(token);
    if (parsed === null) return undefined;
    const row = await this.repository.findApiKey(parsed.id);
    return row !== undefined && isSameHash(row.secretHash, hashApiKeySecret(parsed.secret))
      ? row
      : undefined;
  }
}
