import { endpoints } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { IfMatch, Input } from '../http/input.decorator.js';
import { PasswordsService } from './passwords.service.js';
import { UsersService } from './users.service.js';

@Controller()
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
  ) {}

  @Endpoint(endpoints.listUsers)
  list(
    @Input() { query }: InputOf<typeof endpoints.listUsers>,
  ): Promise<ReplyOf<typeof endpoints.listUsers>> {
    return this.users.list(query);
  }

  @Endpoint(endpoints.createUser)
  create(
    @CurrentActor() actor: Actor,
    @Input() { body }: InputOf<typeof endpoints.createUser>,
  ): Promise<ReplyOf<typeof endpoints.createUser>> {
    return this.users.create(actor, body);
  }

  @Endpoint(endpoints.changeOwnPassword)
  changeOwnPassword(
    @CurrentActor() actor: Actor,
    @Input() { body }: InputOf<typeof endpoints.changeOwnPassword>,
  ): Promise<void> {
    return this.passwords.changeOwn(actor, {
      current: SecretText.of(body.current),
      next: SecretText.of(body.new),
    });
  }

  @Endpoint(endpoints.getUser)
  get(
    @Input() { params }: InputOf<typeof endpoints.getUser>,
  ): Promise<ReplyOf<typeof endpoints.getUser>> {
    return this.users.get(params.userId);
  }

  @Endpoint(endpoints.updateUser)
  update(
    @CurrentActor() actor: Actor,
    @Input() { params, body }: InputOf<typeof endpoints.updateUser>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.updateUser>> {
    return this.users.update(actor, params.userId, body, version);
  }

  @Endpoint(endpoints.deleteUser)
  remove(
    @CurrentActor() actor: Actor,
    @Input() { params }: InputOf<typeof endpoints.deleteUser>,
  ): Promise<void> {
    return this.users.remove(actor, params.userId);
  }
}
