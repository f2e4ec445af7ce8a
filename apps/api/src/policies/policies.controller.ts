import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { PoliciesService } from './policies.service.js';
import { StoppedImagesService } from './stopped-images.service.js';

@Controller()
export class PoliciesController {
  constructor(
    private readonly service: PoliciesService,
    private readonly stopped: StoppedImagesService,
  ) {}

  @Endpoint(endpoints.getPolicy)
  get(@Scope() scope: EnvironmentScope): Promise<ReplyOf<typeof endpoints.getPolicy>> {
    return this.service.get(scope);
  }

  @Endpoint(endpoints.listStoppedImages)
  listStopped(
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.listStoppedImages>,
  ): Promise<ReplyOf<typeof endpoints.listStoppedImages>> {
    return this.stopped.list(scope, query.clusterId ?? null);
  }
}
