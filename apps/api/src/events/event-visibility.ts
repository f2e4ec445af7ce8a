/** Which changes a caller may hear of: exactly those whose object they may read. Pure. */
import type { EventTopic, Permission } from '@moorage/contract';

const IN_ENVIRONMENT: Readonly<Record<EventTopic, Permission | null>> = {
  environments: 'environment:read',
  members: 'environment:read',
  settings: 'settings:read',
  registries: 'registries:read',
  credentials: 'registries:read',
  targets: 'targets:read',
  mirrors: 'registries:read',
  clusters: 'targets:read',
  users: null,
  'api-keys': null,
};

const IN_INSTALLATION: Partial<Readonly<Record<EventTopic, Permission>>> = {
  environments: 'environments:manage',
  settings: 'installation-settings:write',
  clusters: 'clusters:manage',
  users: 'users:manage',
  'api-keys': 'users:manage',
};

export interface Sight {
  readonly installation: ReadonlySet<Permission>;
  readonly environments: ReadonlyMap<string, ReadonlySet<Permission>>;
}

export function maySee(
  sight: Sight,
  change: { readonly topic: EventTopic; readonly environmentId: string | null },
): boolean {
  const inInstallation = IN_INSTALLATION[change.topic];
  if (inInstallation !== undefined && sight.installation.has(inInstallation)) return true;
  if (change.environmentId === null) return false;
  const needed = IN_ENVIRONMENT[change.topic];
  return needed !== null && sight.environments.get(change.environmentId)?.has(needed) === true;
}
