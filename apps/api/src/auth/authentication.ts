/** From a request to its caller: bearer key if there is one, else the session cookie. */
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Env } from '../config/env.js';
import { LOG, type Log } from '../config/log.js';
import { Problem } from '../http/problem.js';
import type { Actor } from './actor.js';
import { AuthRepository, type IdentityRow } from './auth.repository.js';
import type { RequestView } from './passport-runner.js';
import { isCrossSite } from './same-origin.js';
import { Strategies } from './strategies.js';

@Injectable()
export class Authentication {
  constructor(
    private readonly strategies: Strategies,
    private readonly repository: AuthRepository,
    private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * The caller, or undefined for nobody. A bearer key that is wrong is nobody too, even beside a good
   * cookie: who sends one means it. Refuses a cross-site request that carries a session.
   */
  async identify(request: FastifyRequest): Promise<Actor | undefined> {
    const view = viewOf(request);
    if (view.headers['authorization'] !== undefined) return this.#byApiKey(request, view);
    const verdict = await this.strategies.bySession(view);
    if (verdict.kind !== 'success') return undefined;
    this.refuseCrossSite(request);
    const { sessionId, useIsOld } = verdict.user;
    if (useIsOld) this.#inBackground(this.repository.touchSession(sessionId));
    return {
      ...person(verdict.user, request),
      kind: 'user',
      name: verdict.user.username,
      sessionId,
      keyId: null,
      keyPermissions: null,
      keyEnvironmentId: null,
    };
  }

  refuseCrossSite(request: FastifyRequest): void {
    const { publicUrl } = this.env;
    const own =
      publicUrl === undefined
        ? [`http://${request.headers.host ?? ''}`]
        : [new URL(publicUrl).origin];
    const secFetchSite = request.headers['sec-fetch-site'];
    const headers = {
      secFetchSite: Array.isArray(secFetchSite) ? secFetchSite.join() : secFetchSite,
      origin: request.headers.origin,
      ownOrigins: own,
    };
    if (isCrossSite(request.method, headers)) throw new Problem('request.cross-site');
  }

  async #byApiKey(request: FastifyRequest, view: RequestView): Promise<Actor | undefined> {
    const verdict = await this.strategies.byApiKey(view);
    if (verdict.kind !== 'success') return undefined;
    const key = verdict.user;
    if (key.useIsOld) this.#inBackground(this.repository.touchApiKey(key.keyId));
    return {
      ...person(key, request),
      kind: 'api-key',
      name: `${key.keyName} (${key.username})`,
      id: key.keyId,
      sessionId: null,
      keyId: key.keyId,
      keyPermissions: new Set(key.permissions),
      keyEnvironmentId: key.environmentId,
    };
  }

  // When it was last used may be late or lost; the request itself must not wait or fail for it.
  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.log.debug({ err: error }, 'last use not recorded'));
  }
}

function person(row: IdentityRow, request: FastifyRequest) {
  const { userId, username, displayName, role } = row;
  return {
    id: userId,
    userId,
    username,
    displayName,
    role,
    requestId: request.id,
    address: request.ip,
  };
}

/** Without the body: passport-http-bearer would take a token from there too. */
function viewOf(request: FastifyRequest): RequestView {
  return { method: request.method, headers: request.headers, body: undefined, query: {} };
}
