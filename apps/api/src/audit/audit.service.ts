import type { AuditEntry } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '../http/page.js';
import { presentAuditEntry } from './audit.presenter.js';
import { type AuditFilter, AuditRepository } from './audit.repository.js';

@Injectable()
export class AuditService {
  constructor(private readonly repository: AuditRepository) {}

  list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditEntry>> {
    return this.repository.list(filter, request, presentAuditEntry);
  }
}
