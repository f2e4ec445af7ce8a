import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { NodeConfigService } from './node-config.service.js';

@Controller()
export class NodeConfigController {
  constructor(private readonly service: NodeConfigService) {}

  @Endpoint(endpoints.getNodeConfig)
  get(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.getNodeConfig>,
  ): Promise<ReplyOf<typeof endpoints.getNodeConfig>> {
    return this.service.get(actor, scope, query);
  }
}
