import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { IfMatch, Input } from '../http/input.decorator.js';
import { TargetPlanService } from './target-plan.service.js';
import { TargetsService } from './targets.service.js';

@Controller()
export class TargetsController {
  constructor(
    private readonly service: TargetsService,
    private readonly plans: TargetPlanService,
  ) {}

  @Endpoint(endpoints.listTargets)
  list(
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.listTargets>,
  ): Promise<ReplyOf<typeof endpoints.listTargets>> {
    return this.service.list(scope, query);
  }

  @Endpoint(endpoints.createTarget)
  create(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { body }: InputOf<typeof endpoints.createTarget>,
  ): Promise<ReplyOf<typeof endpoints.createTarget>> {
    return this.service.create(actor, scope, body);
  }

  @Endpoint(endpoints.planNewTarget)
  planNew(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { body }: InputOf<typeof endpoints.planNewTarget>,
  ): Promise<ReplyOf<typeof endpoints.planNewTarget>> {
    return this.plans.planNew(actor, scope, body);
  }

  @Endpoint(endpoints.getTarget)
  get(
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.getTarget>,
  ): Promise<ReplyOf<typeof endpoints.getTarget>> {
    return this.service.get(scope, params.targetId);
  }

  @Endpoint(endpoints.updateTarget)
  update(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, body }: InputOf<typeof endpoints.updateTarget>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.updateTarget>> {
    return this.service.update(actor, scope, params.targetId, { ...body, version });
  }

  @Endpoint(endpoints.deleteTarget)
  remove(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.deleteTarget>,
  ): Promise<void> {
    return this.service.remove(actor, scope, params.targetId);
  }

  @Endpoint(endpoints.planTarget)
  plan(
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.planTarget>,
  ): Promise<ReplyOf<typeof endpoints.planTarget>> {
    return this.plans.plan(scope, params.targetId);
  }

  @Endpoint(endpoints.syncTarget)
  sync(
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.syncTarget>,
  ): Promise<void> {
    return this.service.requestSync(scope, params.targetId);
  }

  @Endpoint(endpoints.listTargetNamespaces)
  namespaces(
    @Scope() scope: EnvironmentScope,
    @Input() { params, query }: InputOf<typeof endpoints.listTargetNamespaces>,
  ): Promise<ReplyOf<typeof endpoints.listTargetNamespaces>> {
    return this.service.listNamespaces(scope, params.targetId, query);
  }

  @Endpoint(endpoints.adoptSecret)
  adopt(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, body }: InputOf<typeof endpoints.adoptSecret>,
  ): Promise<ReplyOf<typeof endpoints.adoptSecret>> {
    return this.service.decideConflict(actor, scope, params.targetId, body);
  }
}
