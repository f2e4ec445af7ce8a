import type { Permission } from '@moorage/contract';

export interface Place {
  /** key of the name in `navigation.places`, and the last part of the address */
  readonly id: string;
  readonly path: string;
  readonly needs: Permission;
  /** `g` and then this key goes there */
  readonly key?: string;
}

/** Places inside of an environment; the path is below `/e/<environment>`. */
export const ENVIRONMENT_PLACES: readonly Place[] = [
  { id: 'overview', path: '', needs: 'environment:read', key: 'o' },
  { id: 'registries', path: '/registries', needs: 'registries:read', key: 'r' },
  { id: 'targets', path: '/targets', needs: 'targets:read', key: 't' },
  { id: 'mirrors', path: '/mirrors', needs: 'registries:read', key: 'm' },
  { id: 'members', path: '/members', needs: 'environment:read', key: 'p' },
  { id: 'activity', path: '/activity', needs: 'audit:read', key: 'a' },
  { id: 'settings', path: '/settings', needs: 'settings:read', key: 's' },
];

/** Places of the whole installation; the path is below `/installation`. */
export const INSTALLATION_PLACES: readonly Place[] = [
  { id: 'clusters', path: '/clusters', needs: 'clusters:manage', key: 'c' },
  { id: 'environments', path: '/environments', needs: 'environments:manage', key: 'e' },
  { id: 'users', path: '/users', needs: 'users:manage', key: 'u' },
  { id: 'installationActivity', path: '/activity', needs: 'installation-audit:read' },
  { id: 'installationSettings', path: '/settings', needs: 'installation-settings:write' },
];
