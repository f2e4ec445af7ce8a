import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ClustersModule } from '../clusters/clusters.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { EventsModule } from '../events/events.module.js';
import { NodeConfigModule } from '../node-config/node-config.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { ClusterPlans } from './cluster-plans.js';
import { ClusterStores } from './cluster-stores.js';
import { ClusterSyncStarter } from './cluster-sync-starter.js';
import { DeliveredContents } from './delivered-content.js';
import { DesiredStates } from './desired-states.js';
import { RemovalAnnouncements } from './removal-announcements.js';
import { Removals } from './removals.js';
import { SyncJob } from './sync.job.js';
import { SyncRepository } from './sync.repository.js';
import { SyncService } from './sync.service.js';
import { SyncIdentity } from './sync-identity.js';

@Module({
  imports: [
    AuditModule,
    EventsModule,
    ClustersModule,
    EnvironmentsModule,
    CredentialsModule,
    NodeConfigModule,
    SettingsModule,
  ],
  providers: [
    SyncService,
    SyncJob,
    SyncRepository,
    DesiredStates,
    DeliveredContents,
    ClusterStores,
    ClusterPlans,
    ClusterSyncStarter,
    SyncIdentity,
    Removals,
    RemovalAnnouncements,
  ],
  exports: [SyncService, ClusterPlans],
})
export class SyncModule {}
