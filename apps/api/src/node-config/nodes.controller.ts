import { endpoints } from '@moorage/contract';
import { buildAgentManifest, parseImageReference } from '@moorage/core';
import { Controller } from '@nestjs/common';
import { type EnvironmentScope, Scope } from '../auth/actor.js';
import { VERSION } from '../config/version.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { Problem } from '../http/problem.js';
import { NodesService } from './nodes.service.js';

/** An image that was brought onto the nodes by hand: none is published anywhere. */
const LOCAL_IMAGE = `localhost/moorage-agent:${VERSION}`;

@Controller()
export class NodesController {
  constructor(private readonly service: NodesService) {}

  @Endpoint(endpoints.listNodes)
  list(
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.listNodes>,
  ): Promise<ReplyOf<typeof endpoints.listNodes>> {
    return this.service.list(scope, query.clusterId);
  }

  @Endpoint(endpoints.getNodeAgent)
  async agent(
    @Input() { query }: InputOf<typeof endpoints.getNodeAgent>,
  ): Promise<ReplyOf<typeof endpoints.getNodeAgent>> {
    const image = readImage(query.image ?? LOCAL_IMAGE);
    const { distribution, restart = false } = query;
    return { manifest: buildAgentManifest({ image, distribution, restart }), image };
  }
}

function readImage(written: string): string {
  const parsed = parseImageReference(written.trim());
  if (parsed.ok) return written.trim();
  const { code, detail } = parsed.error;
  throw new Problem('request.invalid', detail, { errors: [{ pointer: 'image', code, detail }] });
}
