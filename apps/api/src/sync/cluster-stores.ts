import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Outbox } from '../events/outbox.js';
import { ClusterStore } from './cluster-store.js';
import { DesiredStates } from './desired-states.js';
import type { Lease } from './lease.js';
import { SyncRepository } from './sync.repository.js';

/** Gathers what stores of single clusters need, so that nobody else has to. */
@Injectable()
export class ClusterStores {
  constructor(
    private readonly repository: SyncRepository,
    private readonly desiredStates: DesiredStates,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  of(lease: Lease): ClusterStore {
    const { repository, desiredStates, outbox, audit } = this;
    return new ClusterStore({ lease, repository, desiredStates, outbox, audit });
  }
}
