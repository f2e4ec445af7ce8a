import { Module } from '@nestjs/common';
import { AuditChain } from './audit-chain.js';
import { AuditChainRepository } from './audit-chain.repository.js';
import { AuditController } from './audit.controller.js';
import { AuditLog } from './audit-log.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';

@Module({
  controllers: [AuditController],
  providers: [AuditLog, AuditChain, AuditChainRepository, AuditService, AuditRepository],
  exports: [AuditLog, AuditChain],
})
export class AuditModule {}
