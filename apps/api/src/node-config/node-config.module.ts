import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { MirrorsModule } from '../mirrors/mirrors.module.js';
import { RegistriesModule } from '../registries/registries.module.js';
import { NodeConfigController } from './node-config.controller.js';
import { NodeConfigRepository } from './node-config.repository.js';
import { NodeConfigService } from './node-config.service.js';
import { NodeConfigImportService } from './node-config-import.service.js';
import { NodeConfigImporter } from './node-config-importer.js';
import { NodeConfigModelService } from './node-config-model.service.js';
import { NodeConfigPreviewService } from './node-config-preview.service.js';

@Module({
  imports: [AuditModule, CredentialsModule, MirrorsModule, RegistriesModule],
  controllers: [NodeConfigController],
  providers: [
    NodeConfigService,
    NodeConfigModelService,
    NodeConfigPreviewService,
    NodeConfigImportService,
    NodeConfigImporter,
    NodeConfigRepository,
  ],
  exports: [NodeConfigModelService],
})
export class NodeConfigModule {}
