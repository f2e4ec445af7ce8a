import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { PolicyImpactsModule } from '../policy-impacts/policy-impacts.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { PoliciesController } from './policies.controller.js';
import { PoliciesRepository } from './policies.repository.js';
import { PoliciesService } from './policies.service.js';
import { StoppedImagesService } from './stopped-images.service.js';

/** How the image policy of an environment stands in its clusters; sync/ puts it there. */
@Module({
  imports: [ClustersModule, PolicyImpactsModule, SettingsModule],
  controllers: [PoliciesController],
  providers: [PoliciesService, StoppedImagesService, PoliciesRepository],
})
export class PoliciesModule {}
