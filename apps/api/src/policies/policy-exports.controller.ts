import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { PolicyExportsService } from './policy-exports.service.js';

@Controller()
export class PolicyExportsController {
  constructor(private readonly service: PolicyExportsService) {}

  @Endpoint(endpoints.exportPolicy)
  async export(
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.exportPolicy>,
  ): Promise<ReplyOf<typeof endpoints.exportPolicy>> {
    const { files, notExpressible } = await this.service.export(scope, query);
    return { engine: query.engine, files: [...files], notExpressible: [...notExpressible] };
  }
}
