/**
 * What can be allowed, and which role holds it. The one copy of the permission
 * matrix: the guard decides with it, the console hides with it, a test walks it.
 */
export const PERMISSIONS = [
  // installation
  'users:manage',
  'installation-settings:write',
  'clusters:manage',
  'environments:manage',
  'installation-audit:read',
  // one environment
  'environment:read',
  'members:manage',
  'settings:read',
  'settings:write',
  'registries:read',
  'registries:write',
  'credentials:use',
  'targets:read',
  'targets:write',
  'node-config:secrets',
  'workloads:read',
  'workloads:write',
  'images:use',
  'audit:read',
  // every signed-in user
  'tools:use',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const USER_ROLES = ['admin', 'user'] as const;
export type UserRole = (typeof USER_ROLES)[number];
export const MEMBER_ROLES = ['owner', 'member', 'viewer'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

const VIEWER: readonly Permission[] = [
  'environment:read',
  'settings:read',
  'registries:read',
  'targets:read',
  'workloads:read',
  'images:use',
  'tools:use',
];
const MEMBER: readonly Permission[] = [...VIEWER, 'credentials:use', 'workloads:write'];
const OWNER: readonly Permission[] = [
  ...MEMBER,
  'members:manage',
  'settings:write',
  'registries:write',
  'targets:write',
  'node-config:secrets',
  'audit:read',
];

const BY_MEMBER_ROLE: Readonly<Record<MemberRole, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  member: new Set(MEMBER),
  owner: new Set(OWNER),
};

/** Permissions that a role gives inside one environment. */
export function permissionsOfMember(role: MemberRole): ReadonlySet<Permission> {
  return BY_MEMBER_ROLE[role];
}

/** Permissions that an installation role gives everywhere. */
export function permissionsOfUser(role: UserRole): ReadonlySet<Permission> {
  return role === 'admin' ? new Set(PERMISSIONS) : new Set<Permission>(['tools:use']);
}
