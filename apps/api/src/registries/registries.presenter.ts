import type { Registry } from '@moorage/contract';
import type { RegistryStatusRow } from './registries.repository.js';
import { NO_REACH } from './registry-reach.js';

export function presentRegistry(row: RegistryStatusRow): Registry {
  const arrives = row.effective.length > 0 && row.deliver !== 'nodes';
  return {
    id: row.id,
    address: row.address,
    provider: row.provider,
    name: row.name,
    description: row.description,
    state: row.state,
    deliver: row.deliver,
    connection: {
      scheme: row.scheme,
      caCertificate: row.caCertificate,
      insecureSkipVerify: row.insecureSkipVerify,
      clientCertificate: row.clientCertificate,
      hasClientKey: row.hasClientKey,
    },
    credentialCount: row.credentialCount,
    effectiveCredentials: row.effective.map((login) => ({
      id: login.id,
      username: login.username,
      scope: login.scope,
      expiresAt: login.expiresAt === null ? null : new Date(login.expiresAt).toISOString(),
    })),
    reach: arrives ? row.reach : NO_REACH,
    verification: null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  };
}
