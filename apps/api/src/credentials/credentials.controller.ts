import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { IfMatch, Input } from '../http/input.decorator.js';
import { CredentialsService } from './credentials.service.js';

@Controller()
export class CredentialsController {
  constructor(private readonly service: CredentialsService) {}

  @Endpoint(endpoints.listCredentials)
  list(
    @Scope() scope: EnvironmentScope,
    @Input() { params, query }: InputOf<typeof endpoints.listCredentials>,
  ): Promise<ReplyOf<typeof endpoints.listCredentials>> {
    return this.service.list(scope, params.registryId, query);
  }

  @Endpoint(endpoints.createCredential)
  create(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, body }: InputOf<typeof endpoints.createCredential>,
  ): Promise<ReplyOf<typeof endpoints.createCredential>> {
    return this.service.create(actor, scope, params.registryId, body);
  }

  @Endpoint(endpoints.getCredential)
  get(
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.getCredential>,
  ): Promise<ReplyOf<typeof endpoints.getCredential>> {
    return this.service.get(scope, params);
  }

  @Endpoint(endpoints.updateCredential)
  update(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, body }: InputOf<typeof endpoints.updateCredential>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.updateCredential>> {
    return this.service.update(actor, scope, params, body, version);
  }

  @Endpoint(endpoints.deleteCredential)
  remove(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.deleteCredential>,
    @IfMatch() version: number | undefined,
  ): Promise<void> {
    return this.service.remove(actor, scope, params, version);
  }

  @Endpoint(endpoints.enableCredential)
  enable(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.enableCredential>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.enableCredential>> {
    return this.service.setState(actor, scope, params, 'enabled', version);
  }

  @Endpoint(endpoints.disableCredential)
  disable(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.disableCredential>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.disableCredential>> {
    return this.service.setState(actor, scope, params, 'disabled', version);
  }
}
