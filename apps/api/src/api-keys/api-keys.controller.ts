import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { ApiKeysService } from './api-keys.service.js';

@Controller()
export class ApiKeysController {
  constructor(private readonly service: ApiKeysService) {}

  @Endpoint(endpoints.listApiKeys)
  list(
    @CurrentActor() actor: Actor,
    @Input() { query }: InputOf<typeof endpoints.listApiKeys>,
  ): Promise<ReplyOf<typeof endpoints.listApiKeys>> {
    return this.service.list(actor, query);
  }

  @Endpoint(endpoints.createApiKey)
  create(
    @CurrentActor() actor: Actor,
    @Input() { body }: InputOf<typeof endpoints.createApiKey>,
  ): Promise<ReplyOf<typeof endpoints.createApiKey>> {
    return this.service.create(actor, body);
  }

  @Endpoint(endpoints.deleteApiKey)
  revoke(
    @CurrentActor() actor: Actor,
    @Input() { params }: InputOf<typeof endpoints.deleteApiKey>,
  ): Promise<void> {
    return this.service.revoke(actor, params.keyId);
  }
}
