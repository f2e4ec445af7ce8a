/**
 * Image names as RKE2's own first pull reads them, which is not how containerd does: only a period or a
 * colon makes a registry of the first part (`localhost/x` is on Docker Hub), and one letter is too short
 * for a name.
 *
 * Source: go-containerregistry v0.20.2 `pkg/name` (`NewRepository`, `checkElement`, `NewDigest`).
 *
 * Does not handle: names that containerd refuses; they are refused before.
 */
import type { ImageReference } from '../image-reference.js';
import { bootstrapDockerHub } from '../registries-yaml/bootstrap-endpoints.js';

export interface BootstrapName {
  readonly registry: string;
  readonly repository: string;
}

/** Null when the name is refused. */
export function readBootstrapName(
  written: string,
  reference: ImageReference,
): BootstrapName | null {
  if (reference.digest !== null && !/^sha256:[0-9a-f]{64}$/.test(reference.digest)) {
    return null;
  }
  const withoutDigest = written.trim().replace(/@.*$/, '');
  const name = withoutDigest.replace(/:[^:/]*$/, '');
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isRegistry = /[.:]/.test(first);
  const repository = isRegistry ? name.slice(slash + 1) : name;
  const registry = isRegistry && first !== 'docker.io' ? first : bootstrapDockerHub;
  return isBootstrapRepository(repository)
    ? { registry, repository: withNamespace(registry, repository) }
    : null;
}

export function isBootstrapRepository(repository: string): boolean {
  return /^[a-z0-9_\-./]{2,255}$/.test(repository);
}

/** On Docker Hub a name without a slash stands for `library/<name>`, a rewritten one too. */
export function withNamespace(registry: string, repository: string): string {
  return registry === bootstrapDockerHub && !repository.includes('/')
    ? `library/${repository}`
    : repository;
}
