import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { MirrorsController } from './mirrors.controller.js';
import { MirrorsRepository } from './mirrors.repository.js';
import { MirrorsService } from './mirrors.service.js';

@Module({
  imports: [AuditModule, EventsModule],
  controllers: [MirrorsController],
  providers: [MirrorsService, MirrorsRepository],
  exports: [MirrorsService],
})
export class MirrorsModule {}
