import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Outbox } from '../events/outbox.js';
import { ClusterStore } from './cluster-store.js';
import { DeliveredContents } from './delivered-content.js';
import type { Lease } from './lease.js';
import { SyncRepository } from './sync.repository.js';

/** Gathers what stores of single clusters need, so that nobody else has to. */
@Injectable()
export class ClusterStores {
  constructor(
    private readonly repository: SyncRepository,
    private readonly contents: DeliveredContents,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  of(lease: Lease): ClusterStore {
    const { repository, contents, outbox, audit } = this;
    return new ClusterStore({ lease, repository, contents, outbox, audit });
  }
}
