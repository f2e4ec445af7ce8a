import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { IfMatch, Input } from '../http/input.decorator.js';
import { RegistriesService } from './registries.service.js';
import { refuseAddressChange } from './registry-input.js';

@Controller()
export class RegistriesController {
  constructor(private readonly service: RegistriesService) {}

  @Endpoint(endpoints.listRegistries)
  list(
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.listRegistries>,
  ): Promise<ReplyOf<typeof endpoints.listRegistries>> {
    return this.service.list(scope, query);
  }

  @Endpoint(endpoints.createRegistry)
  create(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { body }: InputOf<typeof endpoints.createRegistry>,
  ): Promise<ReplyOf<typeof endpoints.createRegistry>> {
    return this.service.create(actor, scope, body);
  }

  @Endpoint(endpoints.upsertRegistry)
  upsert(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, body }: InputOf<typeof endpoints.upsertRegistry>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.upsertRegistry>> {
    return this.service.upsert(actor, scope, params.address, body, version);
  }

  @Endpoint(endpoints.getRegistry)
  get(
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.getRegistry>,
  ): Promise<ReplyOf<typeof endpoints.getRegistry>> {
    return this.service.get(scope, params.registryId);
  }

  @Endpoint(endpoints.updateRegistry)
  async update(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, body }: InputOf<typeof endpoints.updateRegistry>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.updateRegistry>> {
    return this.service.update(actor, scope, params.registryId, refuseAddressChange(body), version);
  }

  @Endpoint(endpoints.deleteRegistry)
  remove(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.deleteRegistry>,
    @IfMatch() version: number | undefined,
  ): Promise<void> {
    return this.service.remove(actor, scope, params.registryId, version);
  }

  @Endpoint(endpoints.enableRegistry)
  enable(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.enableRegistry>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.enableRegistry>> {
    return this.service.setState(actor, scope, params.registryId, 'enabled', version);
  }

  @Endpoint(endpoints.disableRegistry)
  disable(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.disableRegistry>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.disableRegistry>> {
    return this.service.setState(actor, scope, params.registryId, 'disabled', version);
  }
}
