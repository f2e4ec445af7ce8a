import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DATABASE_OPTIONS, Database, type DatabaseOptions } from './database.js';
import { Notifications } from './notifications.js';

@Global()
@Module({})
export class DatabaseModule {
  static with(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DATABASE_OPTIONS, useValue: options }, Database, Notifications],
      exports: [Database, Notifications],
    };
  }
}
