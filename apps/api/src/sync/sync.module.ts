import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ClustersModule } from '../clusters/clusters.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { EventsModule } from '../events/events.module.js';
import { ClusterStores } from './cluster-stores.js';
import { ClusterSyncStarter } from './cluster-sync-starter.js';
import { DeliveredContents } from './delivered-content.js';
import { EffectiveLoginsRepository } from './effective-logins.repository.js';
import { RemovalAnnouncements, Removals } from './removals.js';
import { SyncIdentity } from './sync-identity.js';
import { SyncRepository } from './sync.repository.js';
import { SyncService } from './sync.service.js';

@Module({
  imports: [AuditModule, EventsModule, ClustersModule, EnvironmentsModule],
  providers: [
    SyncService,
    SyncRepository,
    EffectiveLoginsRepository,
    DeliveredContents,
    ClusterStores,
    ClusterSyncStarter,
    SyncIdentity,
    Removals,
    RemovalAnnouncements,
  ],
  exports: [SyncService, EffectiveLoginsRepository, DeliveredContents, SyncIdentity],
})
export class SyncModule {}
