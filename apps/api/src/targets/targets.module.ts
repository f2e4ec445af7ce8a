import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { PolicyImpactsModule } from '../policy-impacts/policy-impacts.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { SyncModule } from '../sync/sync.module.js';
import { TargetAnnouncements } from './target-announcements.js';
import { TargetLockOuts } from './target-lock-outs.js';
import { TargetPlanService } from './target-plan.service.js';
import { TargetsController } from './targets.controller.js';
import { TargetsRepository } from './targets.repository.js';
import { TargetsService } from './targets.service.js';

@Module({
  imports: [AuditModule, EventsModule, PolicyImpactsModule, SettingsModule, SyncModule],
  controllers: [TargetsController],
  providers: [
    TargetsService,
    TargetPlanService,
    TargetsRepository,
    TargetAnnouncements,
    TargetLockOuts,
  ],
  exports: [TargetsService],
})
export class TargetsModule {}
