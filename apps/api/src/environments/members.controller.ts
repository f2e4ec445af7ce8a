import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { MembersService } from './members.service.js';

@Controller()
export class MembersController {
  constructor(private readonly service: MembersService) {}

  @Endpoint(endpoints.listMembers)
  list(
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.listMembers>,
  ): Promise<ReplyOf<typeof endpoints.listMembers>> {
    return this.service.list(scope, query);
  }

  @Endpoint(endpoints.putMember)
  put(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, body }: InputOf<typeof endpoints.putMember>,
  ): Promise<ReplyOf<typeof endpoints.putMember>> {
    return this.service.put(actor, scope, params.userId, body.role);
  }

  @Endpoint(endpoints.deleteMember)
  remove(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.deleteMember>,
  ): Promise<void> {
    return this.service.remove(actor, scope, params.userId);
  }
}
