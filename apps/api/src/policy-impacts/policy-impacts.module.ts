import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { PolicyImpactsService } from './policy-impacts.service.js';
import { PolicyTargetsRepository } from './policy-targets.repository.js';
import { RunningWorkloads } from './running-workloads.client.js';

@Module({
  imports: [ClustersModule],
  providers: [PolicyImpactsService, PolicyTargetsRepository, RunningWorkloads],
  exports: [PolicyImpactsService, PolicyTargetsRepository],
})
export class PolicyImpactsModule {}
