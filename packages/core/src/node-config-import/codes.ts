/**
 * Every reason of this module's own why a part of a `registries.yaml` is not kept, with what its
 * sentence names. What the loader drops itself (unknown keys, a second document) keeps the loader's
 * codes.
 *
 * Does not handle: the sentences.
 */
import type { CodeTable } from '../finding-parameters.js';

export const nodeConfigImportCodes = {
  'node-config-import.comment': ['lines'],
  'node-config-import.more': ['count'],
  // Registries and their settings. `reason` is the code of an address error, or `path`.
  'node-config-import.config-empty': [],
  'node-config-import.config-wildcard': [],
  'node-config-import.config-key-invalid': ['key', 'reason'],
  'node-config-import.config-docker-hub-name': ['key'],
  'node-config-import.config-repeated': ['key', 'address'],
  'node-config-import.renamed': ['from', 'to'],
  'node-config-import.registry-disabled': ['address'],
  'node-config-import.registry-off-nodes': ['address'],
  'node-config-import.file-on-node': ['field', 'file'],
  'node-config-import.too-many-registries': ['limit'],
  // Logins. `reason` is the code of a credential error.
  'node-config-import.login-empty': [],
  'node-config-import.login-invalid': ['reason'],
  'node-config-import.login-masked': [],
  'node-config-import.login-second': [],
  'node-config-import.auth-unreadable': [],
  'node-config-import.identity-token': [],
  // Mirrors. `reason` is the code of an address error, or `path`.
  'node-config-import.mirror-name-invalid': ['name', 'reason'],
  'node-config-import.mirror-docker-hub-name': ['name'],
  'node-config-import.endpoint-invalid': [],
  'node-config-import.endpoint-repeated': ['endpoint'],
  'node-config-import.rewrite-invalid': ['error'],
  'node-config-import.too-many-mirrors': ['limit'],
  'node-config-import.too-many-endpoints': ['limit'],
  'node-config-import.too-many-rewrites': ['limit'],
} as const satisfies CodeTable;

export type NodeConfigImportCode = keyof typeof nodeConfigImportCodes;
