/** Builds the application around an open database; `main.ts` and the tests' harness start it. */
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import type { ApplicationParts } from '../application-parts.js';
import { NestLog } from '../config/log.js';
import { Database } from '../database/database.js';
import { registerHealth } from '../health/health.js';
import { registerApiDocs } from './api-docs.js';
import { API_PREFIX } from './api-prefix.js';
import { configureServer, createAdapter } from './server.js';
import { refuseUnmatched } from './unmatched-api.js';

export async function createApplication(parts: ApplicationParts): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(parts),
    createAdapter(),
    {
      logger: new NestLog(parts.log),
      abortOnError: false,
      bodyParser: false,
    },
  );
  app.setGlobalPrefix(API_PREFIX);
  const server = configureServer(app, parts.log);
  registerHealth(server, { database: app.get(Database) });
  registerApiDocs(server);
  refuseUnmatched(server);
  return app;
}
