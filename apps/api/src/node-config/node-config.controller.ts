import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { NodeConfigService } from './node-config.service.js';
import { NodeConfigImportService } from './node-config-import.service.js';
import { NodeConfigPreviewService } from './node-config-preview.service.js';

@Controller()
export class NodeConfigController {
  constructor(
    private readonly service: NodeConfigService,
    private readonly previews: NodeConfigPreviewService,
    private readonly imports: NodeConfigImportService,
  ) {}

  @Endpoint(endpoints.getNodeConfig)
  get(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.getNodeConfig>,
  ): Promise<ReplyOf<typeof endpoints.getNodeConfig>> {
    return this.service.get(actor, scope, query);
  }

  @Endpoint(endpoints.previewNodeConfig)
  preview(
    @Scope() scope: EnvironmentScope,
    @Input() { body }: InputOf<typeof endpoints.previewNodeConfig>,
  ): Promise<ReplyOf<typeof endpoints.previewNodeConfig>> {
    return this.previews.preview(scope, body);
  }

  @Endpoint(endpoints.importNodeConfig)
  import(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { query, body }: InputOf<typeof endpoints.importNodeConfig>,
  ): Promise<ReplyOf<typeof endpoints.importNodeConfig>> {
    return query.dryRun === true
      ? this.imports.plan(scope, body)
      : this.imports.apply(actor, scope, body);
  }
}
