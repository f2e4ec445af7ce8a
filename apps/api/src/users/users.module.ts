import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { EventsModule } from '../events/events.module.js';
import { PasswordsService } from './passwords.service.js';
import { UserAccess } from './user-access.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AuditModule, AuthModule, EventsModule],
  controllers: [UsersController],
  providers: [UsersService, UsersRepository, UserAccess, PasswordsService],
  exports: [UsersService, PasswordsService],
})
export class UsersModule {}
