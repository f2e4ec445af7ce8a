import { Module } from '@nestjs/common';
import { PolicyImpactsModule } from '../policy-impacts/policy-impacts.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { PolicyExportsController } from './policy-exports.controller.js';
import { PolicyExportsService } from './policy-exports.service.js';

@Module({
  imports: [SettingsModule, PolicyImpactsModule],
  controllers: [PolicyExportsController],
  providers: [PolicyExportsService],
})
export class PolicyExportsModule {}
