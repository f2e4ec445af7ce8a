import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { ToolsService } from './tools.service.js';

@Controller()
export class ToolsController {
  constructor(private readonly service: ToolsService) {}

  @Endpoint(endpoints.checkRegistriesYaml)
  async checkRegistriesYaml(
    @Input() { body }: InputOf<typeof endpoints.checkRegistriesYaml>,
  ): Promise<ReplyOf<typeof endpoints.checkRegistriesYaml>> {
    return this.service.checkRegistriesYaml(body);
  }

  @Endpoint(endpoints.planPull)
  async planPull(
    @Input() { body }: InputOf<typeof endpoints.planPull>,
  ): Promise<ReplyOf<typeof endpoints.planPull>> {
    return this.service.planPull(body);
  }

  @Endpoint(endpoints.applyRewrite)
  async applyRewrite(
    @Input() { body }: InputOf<typeof endpoints.applyRewrite>,
  ): Promise<ReplyOf<typeof endpoints.applyRewrite>> {
    return this.service.applyRewrite(body);
  }

  @Endpoint(endpoints.parseImageReference)
  async parseImageReference(
    @Input() { body }: InputOf<typeof endpoints.parseImageReference>,
  ): Promise<ReplyOf<typeof endpoints.parseImageReference>> {
    return this.service.parseImageReference(body.image);
  }

  @Endpoint(endpoints.planImageList)
  async planImageList(
    @Input() { body }: InputOf<typeof endpoints.planImageList>,
  ): Promise<ReplyOf<typeof endpoints.planImageList>> {
    return this.service.planImageList(body);
  }

  @Endpoint(endpoints.matchDockerConfig)
  async matchDockerConfig(
    @Input() { body }: InputOf<typeof endpoints.matchDockerConfig>,
  ): Promise<ReplyOf<typeof endpoints.matchDockerConfig>> {
    return this.service.matchDockerConfig(body.keys, body.image);
  }
}
