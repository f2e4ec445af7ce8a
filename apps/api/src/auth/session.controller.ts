import { endpoints } from '@moorage/contract';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Env } from '../config/env.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { type Actor, CurrentActor } from './actor.js';
import { SessionService } from './session.service.js';
import { formatSessionCookie } from './session-cookie.js';
import { SignIns } from './sign-ins.js';

@Controller()
export class SessionController {
  readonly #secure: boolean;
  constructor(
    private readonly sessions: SessionService,
    private readonly signIns: SignIns,
    env: Env,
  ) {
    this.#secure = env.publicUrl?.startsWith('https:') === true;
  }

  @Endpoint(endpoints.signIn)
  async signIn(
    @Req() request: FastifyRequest,
    @Input() { body }: InputOf<typeof endpoints.signIn>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = await this.signIns.signIn(body, { requestId: request.id, address: request.ip });
    void reply.header('set-cookie', formatSessionCookie(token, this.#secure));
  }

  @Endpoint(endpoints.getSession)
  describe(@CurrentActor() actor: Actor): Promise<ReplyOf<typeof endpoints.getSession>> {
    return this.sessions.describe(actor);
  }

  @Endpoint(endpoints.signOut)
  async signOut(
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.end(actor);
    void reply.header('set-cookie', formatSessionCookie(null, this.#secure));
  }
}
