import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { EnvironmentsController } from './environments.controller.js';
import { EnvironmentsRepository } from './environments.repository.js';
import { EnvironmentsService } from './environments.service.js';
import { MembersController } from './members.controller.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';

@Module({
  imports: [AuditModule, EventsModule],
  controllers: [EnvironmentsController, MembersController],
  providers: [EnvironmentsService, EnvironmentsRepository, MembersService, MembersRepository],
  exports: [EnvironmentsService],
})
export class EnvironmentsModule {}
