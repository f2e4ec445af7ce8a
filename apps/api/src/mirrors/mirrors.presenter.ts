import type { Mirror } from '@moorage/contract';
import type { MirrorRow } from './mirrors.repository.js';

export function presentMirror(row: MirrorRow): Mirror {
  return {
    id: row.id,
    registry: row.registry,
    position: row.position,
    endpoints: [...row.endpoints],
    rewrites: row.rewrites.map(({ pattern, replacement }) => ({ pattern, replacement })),
    createdAt: row.createdAt.toISOString(),
    version: row.version,
  };
}
