import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/settings.module.js';
import { PolicyExportsController } from './policy-exports.controller.js';
import { PolicyExportsService } from './policy-exports.service.js';
import { PolicyImpactsModule } from './policy-impacts.module.js';

@Module({
  imports: [SettingsModule, PolicyImpactsModule],
  controllers: [PolicyExportsController],
  providers: [PolicyExportsService],
})
export class PolicyExportsModule {}
