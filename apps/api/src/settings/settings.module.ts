import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { PolicyImpactsModule } from '../policy-impacts/policy-impacts.module.js';
import { DefaultRegistryClashes } from './default-registry-clashes.js';
import { EffectivePolicies } from './effective-policies.js';
import { SettingChecks } from './setting-checks.js';
import { SettingsController } from './settings.controller.js';
import { SettingsRepository } from './settings.repository.js';
import { SettingsService } from './settings.service.js';

@Module({
  imports: [EventsModule, PolicyImpactsModule],
  controllers: [SettingsController],
  providers: [
    SettingsService,
    SettingsRepository,
    EffectivePolicies,
    DefaultRegistryClashes,
    SettingChecks,
  ],
  exports: [SettingsService, EffectivePolicies],
})
export class SettingsModule {}
