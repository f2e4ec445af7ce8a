import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { CredentialChanges } from './credential-changes.js';
import { CredentialSealer } from './credential-sealer.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsRepository } from './credentials.repository.js';
import { CredentialsService } from './credentials.service.js';
import { EffectiveLoginsService } from './effective-logins.service.js';

@Module({
  imports: [AuditModule, EventsModule],
  controllers: [CredentialsController],
  providers: [
    CredentialsService,
    CredentialsRepository,
    CredentialChanges,
    CredentialSealer,
    EffectiveLoginsService,
  ],
  exports: [CredentialsService, EffectiveLoginsService],
})
export class CredentialsModule {}
