import type { Credential } from '@moorage/contract';
import { explainStack, type StackRole } from '@moorage/core';
import type { CredentialRow, OwnerRow, StackRow } from './credentials.repository.js';

/** Which part each credential of a registry plays, by its id. */
export function rolesOf(
  stack: readonly StackRow[],
  owner: Pick<OwnerRow, 'state'>,
): ReadonlyMap<string, StackRole> {
  return new Map(
    explainStack(stack, owner.state).map(({ credentialId, role }) => [credentialId, role]),
  );
}

export function presentCredential(
  row: CredentialRow,
  roles: ReadonlyMap<string, StackRole>,
): Credential {
  // A row that came after its stack was read is the newest, and shown so with the next read.
  const role = roles.get(row.id) ?? 'older';
  return {
    id: row.id,
    kind: row.kind,
    username: row.username,
    scope: row.scope,
    state: row.state,
    effective: role === 'effective',
    role,
    sequence: row.sequence,
    description: row.description,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    secretSetAt: row.secretSetAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdByName,
    version: row.version,
  };
}
