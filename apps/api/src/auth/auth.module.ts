import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { AccessGuard } from './access.guard.js';
import { AuthRepository } from './auth.repository.js';
import { Authentication } from './authentication.js';
import { HeldPermissions } from './held-permissions.js';
import { LoginLimit } from './login-limit.js';
import { PasswordHash } from './password-hash.js';
import { SessionController } from './session.controller.js';
import { SessionService } from './session.service.js';
import { SessionExpiryJob } from './session-expiry.job.js';
import { SignIns } from './sign-ins.js';
import { Strategies } from './strategies.js';
import { SystemAccess } from './system-access.js';

@Module({
  imports: [AuditModule],
  controllers: [SessionController],
  providers: [
    AuthRepository,
    Authentication,
    HeldPermissions,
    LoginLimit,
    PasswordHash,
    SessionExpiryJob,
    SessionService,
    SignIns,
    Strategies,
    SystemAccess,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [
    Authentication,
    HeldPermissions,
    LoginLimit,
    PasswordHash,
    SessionService,
    SystemAccess,
  ],
})
export class AuthModule {}
