import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ClustersModule } from '../clusters/clusters.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { EventsModule } from '../events/events.module.js';
import { RegistriesModule } from '../registries/registries.module.js';
import { TargetsModule } from '../targets/targets.module.js';
import { DemoRepository } from './demo.repository.js';
import { DemoService } from './demo.service.js';
import { DemoNouns } from './demo-nouns.js';
import { Sandbox } from './sandbox.js';

@Module({
  imports: [
    AuthModule,
    EnvironmentsModule,
    EventsModule,
    RegistriesModule,
    ClustersModule,
    TargetsModule,
  ],
  providers: [DemoService, DemoRepository, DemoNouns, Sandbox],
  exports: [DemoService, Sandbox],
})
export class DemoModule {}
