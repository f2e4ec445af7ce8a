import { type DynamicModule, Module } from '@nestjs/common';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import type { ApplicationParts } from './application-parts.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ClustersModule } from './clusters/clusters.module.js';
import { ComputingModule } from './computing/computing.module.js';
import { BUILT_PLACE } from './computing/computing-place.js';
import { ConfigModule } from './config/config.module.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DemoModule } from './demo/demo.module.js';
import { EnvironmentsModule } from './environments/environments.module.js';
import { EventsModule } from './events/events.module.js';
import { HttpModule } from './http/http.module.js';
import { ImagesModule } from './images/images.module.js';
import { MirrorsModule } from './mirrors/mirrors.module.js';
import { NodeConfigModule } from './node-config/node-config.module.js';
import { PoliciesModule } from './policies/policies.module.js';
import { PolicyExportsModule } from './policies/policy-exports.module.js';
import { RegistriesModule } from './registries/registries.module.js';
import { SealingModule } from './sealing/sealing.module.js';
import { SettingsModule } from './settings/settings.module.js';
import { SyncModule } from './sync/sync.module.js';
import { TargetsModule } from './targets/targets.module.js';
import { ToolsModule } from './tools/tools.module.js';
import { UsersModule } from './users/users.module.js';

/** The API's table of contents: one module per noun. */
const NOUNS = [
  AuthModule,
  UsersModule,
  ApiKeysModule,
  EnvironmentsModule,
  SettingsModule,
  AuditModule,
  EventsModule,
  RegistriesModule,
  CredentialsModule,
  MirrorsModule,
  NodeConfigModule,
  ClustersModule,
  TargetsModule,
  SyncModule,
  PoliciesModule,
  PolicyExportsModule,
  ImagesModule,
  ToolsModule,
  DemoModule,
];

@Module({})
export class AppModule {
  static with({ env, log, connectionString, opened, computing }: ApplicationParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(env, log),
        DatabaseModule.with({ connectionString }),
        SealingModule.with(opened),
        ComputingModule.with(computing ?? BUILT_PLACE),
        HttpModule,
        ...NOUNS,
      ],
    };
  }
}
