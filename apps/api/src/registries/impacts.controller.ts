import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { ImpactsService } from './impacts.service.js';

@Controller()
export class ImpactsController {
  constructor(private readonly service: ImpactsService) {}

  @Endpoint(endpoints.getRegistryImpact)
  ofRegistry(
    @Scope() scope: EnvironmentScope,
    @Input() { params, query }: InputOf<typeof endpoints.getRegistryImpact>,
  ): Promise<ReplyOf<typeof endpoints.getRegistryImpact>> {
    return this.service.ofRegistry(scope, params.registryId, query.action);
  }

  @Endpoint(endpoints.getCredentialImpact)
  ofCredential(
    @Scope() scope: EnvironmentScope,
    @Input() { params, query }: InputOf<typeof endpoints.getCredentialImpact>,
  ): Promise<ReplyOf<typeof endpoints.getCredentialImpact>> {
    return this.service.ofCredential(scope, params.registryId, params.credentialId, query.action);
  }
}
