import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { ClusterAnnouncements } from './cluster-announcements.js';
import { ClusterConnections } from './cluster-connections.js';
import { ClusterInspectionService } from './cluster-inspection.service.js';
import { ClustersController } from './clusters.controller.js';
import { ClustersRepository } from './clusters.repository.js';
import { ClustersService } from './clusters.service.js';
import { GrantsService } from './grants.service.js';

@Module({
  imports: [AuditModule, EventsModule],
  controllers: [ClustersController],
  providers: [
    ClustersService,
    ClusterInspectionService,
    GrantsService,
    ClustersRepository,
    ClusterConnections,
    ClusterAnnouncements,
  ],
  exports: [ClustersService, ClusterConnections],
})
export class ClustersModule {}
