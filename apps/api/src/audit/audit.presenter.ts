import type { AuditEntry } from '@moorage/contract';
import type { AuditRow } from './audit.repository.js';

export function presentAuditEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    environmentId: row.environmentId,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    action: row.action,
    object: { kind: row.objectKind, id: row.objectId, name: row.objectName },
    changes: row.changes,
    requestId: row.requestId,
    address: row.address,
    hash: row.hash?.toString('hex') ?? null,
  };
}
