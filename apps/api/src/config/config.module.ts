import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Env } from './env.js';
import { LOG, type Log } from './log.js';

/** What was read at the start, for injection everywhere: `Env` by class, the log by `LOG`. */
@Global()
@Module({})
export class ConfigModule {
  static with(env: Env, log: Log): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Env, useValue: env },
        { provide: LOG, useValue: log },
      ],
      exports: [Env, LOG],
    };
  }
}
