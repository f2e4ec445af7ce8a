import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { IfMatch, Input } from '../http/input.decorator.js';
import { MirrorsService } from './mirrors.service.js';

@Controller()
export class MirrorsController {
  constructor(private readonly service: MirrorsService) {}

  @Endpoint(endpoints.listMirrors)
  list(
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.listMirrors>,
  ): Promise<ReplyOf<typeof endpoints.listMirrors>> {
    return this.service.list(scope, query);
  }

  @Endpoint(endpoints.createMirror)
  create(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { body }: InputOf<typeof endpoints.createMirror>,
  ): Promise<ReplyOf<typeof endpoints.createMirror>> {
    return this.service.create(actor, scope, body);
  }

  @Endpoint(endpoints.getMirror)
  get(
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.getMirror>,
  ): Promise<ReplyOf<typeof endpoints.getMirror>> {
    return this.service.get(scope, params.mirrorId);
  }

  @Endpoint(endpoints.updateMirror)
  update(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, body }: InputOf<typeof endpoints.updateMirror>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.updateMirror>> {
    return this.service.update(actor, scope, params.mirrorId, body, version);
  }

  @Endpoint(endpoints.deleteMirror)
  remove(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.deleteMirror>,
    @IfMatch() version: number | undefined,
  ): Promise<void> {
    return this.service.remove(actor, scope, params.mirrorId, version);
  }
}
