import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { IfMatch, Input } from '../http/input.decorator.js';
import { EnvironmentsService } from './environments.service.js';

@Controller()
export class EnvironmentsController {
  constructor(private readonly service: EnvironmentsService) {}

  @Endpoint(endpoints.listEnvironments)
  list(
    @CurrentActor() actor: Actor,
    @Input() { query }: InputOf<typeof endpoints.listEnvironments>,
  ): Promise<ReplyOf<typeof endpoints.listEnvironments>> {
    return this.service.list(actor, query);
  }

  @Endpoint(endpoints.createEnvironment)
  create(
    @CurrentActor() actor: Actor,
    @Input() { body }: InputOf<typeof endpoints.createEnvironment>,
  ): Promise<ReplyOf<typeof endpoints.createEnvironment>> {
    return this.service.create(actor, body);
  }

  @Endpoint(endpoints.getEnvironment)
  get(@Scope() scope: EnvironmentScope): Promise<ReplyOf<typeof endpoints.getEnvironment>> {
    return this.service.get(scope);
  }

  @Endpoint(endpoints.getEnvironmentSummary)
  summary(
    @Scope() scope: EnvironmentScope,
  ): Promise<ReplyOf<typeof endpoints.getEnvironmentSummary>> {
    return this.service.summary(scope);
  }

  @Endpoint(endpoints.updateEnvironment)
  update(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { body }: InputOf<typeof endpoints.updateEnvironment>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.updateEnvironment>> {
    return this.service.update(actor, scope, body, version);
  }

  @Endpoint(endpoints.deleteEnvironment)
  remove(@CurrentActor() actor: Actor, @Scope() scope: EnvironmentScope): Promise<void> {
    return this.service.remove(actor, scope);
  }
}
