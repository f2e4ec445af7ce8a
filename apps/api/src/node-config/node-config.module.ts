import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { NodeConfigController } from './node-config.controller.js';
import { NodeConfigRepository } from './node-config.repository.js';
import { NodeConfigService } from './node-config.service.js';
import { NodeConfigModelService } from './node-config-model.service.js';
import { NodeConfigPreviewService } from './node-config-preview.service.js';

@Module({
  imports: [AuditModule, CredentialsModule],
  controllers: [NodeConfigController],
  providers: [
    NodeConfigService,
    NodeConfigModelService,
    NodeConfigPreviewService,
    NodeConfigRepository,
  ],
  exports: [NodeConfigModelService],
})
export class NodeConfigModule {}
