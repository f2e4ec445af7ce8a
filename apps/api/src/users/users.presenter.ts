import type { User } from '@moorage/contract';
import type { UserRow } from './users.repository.js';

export function presentUser(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    displayName: row.displayName,
    role: row.role,
    state: row.state,
    createdAt: row.createdAt.toISOString(),
    version: row.version,
  };
}
