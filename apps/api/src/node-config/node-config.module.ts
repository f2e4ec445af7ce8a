import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ClustersModule } from '../clusters/clusters.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { MirrorsModule } from '../mirrors/mirrors.module.js';
import { RegistriesModule } from '../registries/registries.module.js';
import { NodeConfigController } from './node-config.controller.js';
import { NodeConfigRepository } from './node-config.repository.js';
import { NodeConfigService } from './node-config.service.js';
import { NodeConfigImportService } from './node-config-import.service.js';
import { NodeConfigImportPlanner } from './node-config-import-planner.js';
import { NodeConfigImporter } from './node-config-importer.js';
import { NodeConfigLinkExpiryJob } from './node-config-link-expiry.job.js';
import { NodeConfigLinkOpener } from './node-config-link-opener.js';
import { NodeConfigLinksController } from './node-config-links.controller.js';
import { NodeConfigLinksRepository } from './node-config-links.repository.js';
import { NodeConfigLinksService } from './node-config-links.service.js';
import { NodeConfigModelService } from './node-config-model.service.js';
import { NodeConfigPreviewService } from './node-config-preview.service.js';
import { NodesClient } from './nodes.client.js';
import { NodesController } from './nodes.controller.js';
import { NodesService } from './nodes.service.js';

@Module({
  imports: [
    AuditModule,
    AuthModule,
    ClustersModule,
    CredentialsModule,
    MirrorsModule,
    RegistriesModule,
  ],
  controllers: [NodeConfigController, NodeConfigLinksController, NodesController],
  providers: [
    NodeConfigService,
    NodeConfigModelService,
    NodeConfigPreviewService,
    NodeConfigImportService,
    NodeConfigImportPlanner,
    NodeConfigImporter,
    NodesService,
    NodesClient,
    NodeConfigLinksService,
    NodeConfigLinksRepository,
    NodeConfigLinkOpener,
    NodeConfigLinkExpiryJob,
    NodeConfigRepository,
  ],
  exports: [NodeConfigModelService],
})
export class NodeConfigModule {}
