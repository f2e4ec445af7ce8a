import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { PolicyImpactsService } from './policy-impacts.service.js';
import { PolicyTargetsRepository } from './policy-targets.repository.js';
import { PolicyTargetsService } from './policy-targets.service.js';
import { RunningWorkloads } from './running-workloads.client.js';

@Module({
  imports: [ClustersModule],
  providers: [
    PolicyImpactsService,
    PolicyTargetsService,
    PolicyTargetsRepository,
    RunningWorkloads,
  ],
  exports: [PolicyImpactsService, PolicyTargetsService],
})
export class PolicyImpactsModule {}
