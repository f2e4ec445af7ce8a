import { endpoints, NodeConfig } from '@moorage/contract';
import { buildInstallScript } from '@moorage/core';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Env } from '../config/env.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { Problem } from '../http/problem.js';
import { publicOrigin } from '../http/public-origin.js';
import { presentNodeConfig } from './node-config.presenter.js';
import { NodeConfigLinkOpener } from './node-config-link-opener.js';
import { NodeConfigLinksService } from './node-config-links.service.js';

@Controller()
export class NodeConfigLinksController {
  constructor(
    private readonly service: NodeConfigLinksService,
    private readonly opener: NodeConfigLinkOpener,
    private readonly env: Env,
  ) {}

  @Endpoint(endpoints.createNodeConfigLink)
  create(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { body }: InputOf<typeof endpoints.createNodeConfigLink>,
    @Req() request: FastifyRequest,
  ): Promise<ReplyOf<typeof endpoints.createNodeConfigLink>> {
    return this.service.create(actor, scope, body, publicOrigin(this.env, request));
  }

  @Endpoint(endpoints.openNodeConfigLink)
  async open(
    @Input() { params, query }: InputOf<typeof endpoints.openNodeConfigLink>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Fastify answers HEAD with the route of GET; one who only looks must not use the link up.
    if (request.method === 'HEAD') throw new Problem('request.method-not-allowed');
    const visitor = { requestId: request.id, address: request.ip };
    const { environment, format, config } = await this.opener.open(params.token, visitor);
    if (query.as === 'json') {
      const document = NodeConfig.parse(presentNodeConfig(config, 'included'));
      void reply.type('application/json; charset=utf-8').send(JSON.stringify(document));
    } else {
      const { files, restart } = config;
      const script = buildInstallScript({ environment, format, restart, files });
      void reply.type('text/x-shellscript; charset=utf-8').send(script);
    }
  }
}
