import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { EventsModule } from '../events/events.module.js';
import { ImpactsController } from './impacts.controller.js';
import { ImpactsRepository } from './impacts.repository.js';
import { ImpactsService } from './impacts.service.js';
import { RegistriesController } from './registries.controller.js';
import { RegistriesRepository } from './registries.repository.js';
import { RegistriesService } from './registries.service.js';
import { RegistryChanges } from './registry-changes.js';

@Module({
  imports: [AuditModule, EventsModule, CredentialsModule],
  controllers: [RegistriesController, ImpactsController],
  providers: [
    RegistriesService,
    RegistriesRepository,
    RegistryChanges,
    ImpactsService,
    ImpactsRepository,
  ],
  exports: [RegistriesService],
})
export class RegistriesModule {}
