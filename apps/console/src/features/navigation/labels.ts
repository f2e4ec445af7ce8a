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
  { id: 'nodes', path: '/nodes', needs: 'targets:read', key: 'n' },
  { id: 'policy', path: '/policy', needs: 'settings:read', key: 's' },
  { id: 'members', path: '/members', needs: 'environment:read', key: 'p' },
  { id: 'activity', path: '/activity', needs: 'audit:read', key: 'a' },
];

/** Places of the whole installation; the path is below `/installation`. */
export const INSTALLATION_PLACES: readonly Place[] = [
  { id: 'clusters', path: '/clusters', needs: 'clusters:manage', key: 'c' },
  { id: 'environments', path: '/environments', needs: 'environments:manage', key: 'e' },
  { id: 'users', path: '/users', needs: 'users:manage', key: 'u' },
  { id: 'installationActivity', path: '/activity', needs: 'installation-audit:read' },
  { id: 'installationPolicy', path: '/policy', needs: 'installation-settings:write' },
];

/** Questions that need no environment; the path is below `/tools`. */
export const TOOL_PLACES: readonly Place[] = [
  { id: 'checker', path: '/registries-yaml', needs: 'tools:use', key: 'y' },
];
