import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeRecorder } from './change-recorder.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';
import { Outbox } from './outbox.js';
import { OutboxRepository } from './outbox.repository.js';
import { SightOf } from './sight-of.js';

@Module({
  imports: [AuditModule],
  controllers: [EventsController],
  providers: [Outbox, OutboxRepository, ChangeFeed, ChangeRecorder, EventsService, SightOf],
  exports: [Outbox, ChangeFeed, ChangeRecorder],
})
export class EventsModule {}
