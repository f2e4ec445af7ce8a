import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { EnvironmentsModule } from './environments/environments.module.js';
import type { ApplicationParts } from './http/application.js';
import { HttpModule } from './http/http.module.js';
import { SealingModule } from './sealing/sealing.module.js';

/** The API's table of contents: one module per noun. */
const NOUNS = [AuthModule, EnvironmentsModule];

@Module({})
export class AppModule {
  static with({ env, log, connectionString, opened }: ApplicationParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(env, log),
        DatabaseModule.with({ connectionString }),
        SealingModule.with(opened),
        HttpModule,
        ...NOUNS,
      ],
    };
  }
}
