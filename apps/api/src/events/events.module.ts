import { Module } from '@nestjs/common';
import { ChangeFeed } from './change-feed.js';
import { Outbox } from './outbox.js';
import { OutboxRepository } from './outbox.repository.js';

@Module({ providers: [Outbox, OutboxRepository, ChangeFeed], exports: [Outbox, ChangeFeed] })
export class EventsModule {}
