import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { DefaultRegistryClashes } from './default-registry-clashes.js';
import { EffectivePolicies } from './effective-policies.js';
import { SettingsController } from './settings.controller.js';
import { SettingsRepository } from './settings.repository.js';
import { SettingsService } from './settings.service.js';

@Module({
  imports: [EventsModule],
  controllers: [SettingsController],
  providers: [SettingsService, SettingsRepository, EffectivePolicies, DefaultRegistryClashes],
  exports: [SettingsService, EffectivePolicies],
})
export class SettingsModule {}
