import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { ImagesService } from './images.service.js';

@Controller()
export class ImagesController {
  constructor(private readonly service: ImagesService) {}

  @Endpoint(endpoints.resolveImage)
  resolve(
    @Scope() scope: EnvironmentScope,
    @Input() { body }: InputOf<typeof endpoints.resolveImage>,
  ): Promise<ReplyOf<typeof endpoints.resolveImage>> {
    return this.service.resolve(scope, body);
  }
}
