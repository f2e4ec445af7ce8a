import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { AuditChain } from './audit-chain.js';
import { AuditChainRepository } from './audit-chain.repository.js';
import { AuditLog } from './audit-log.js';

@Module({
  controllers: [AuditController],
  providers: [AuditLog, AuditChain, AuditChainRepository, AuditService, AuditRepository],
  exports: [AuditLog, AuditChain],
})
export class AuditModule {}
