import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { AuditService } from './audit.service.js';

@Controller()
export class AuditController {
  constructor(private readonly service: AuditService) {}

  @Endpoint(endpoints.listAudit)
  list(
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.listAudit>,
  ): Promise<ReplyOf<typeof endpoints.listAudit>> {
    return this.service.list({ ...query, environmentId: scope.environmentId }, query);
  }

  @Endpoint(endpoints.listInstallationAudit)
  listInstallation(
    @Input() { query }: InputOf<typeof endpoints.listInstallationAudit>,
  ): Promise<ReplyOf<typeof endpoints.listInstallationAudit>> {
    return this.service.list({ ...query, environmentId: null }, query);
  }
}
