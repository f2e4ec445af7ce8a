import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IdempotencyExpiryJob } from './idempotency-expiry.job.js';
import { ProblemFilter } from './problem.filter.js';
import { ReplyInterceptor } from './reply.interceptor.js';

@Module({
  providers: [
    IdempotencyRepository,
    IdempotencyExpiryJob,
    { provide: APP_FILTER, useClass: ProblemFilter },
    // Order: the first is the outermost; a replayed reply was already checked when it was kept.
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ReplyInterceptor },
  ],
})
export class HttpModule {}
