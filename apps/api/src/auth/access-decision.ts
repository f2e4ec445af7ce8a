/** Who may: pure decisions over roles, API keys and an environment. `AccessGuard` acts on them. */
import {
  type Access,
  type MemberRole,
  PERMISSIONS,
  type Permission,
  type ProblemCode,
  permissionsOfMember,
  permissionsOfUser,
} from '@moorage/contract';
import type { Actor } from './actor.js';

type Bounds = Pick<Actor, 'role' | 'keyPermissions' | 'keyEnvironmentId'>;

function narrow(
  held: ReadonlySet<Permission>,
  key: ReadonlySet<Permission> | null,
): ReadonlySet<Permission> {
  return key === null ? held : new Set([...held].filter((permission) => key.has(permission)));
}

/** What this caller may do in the installation. A key that is bound to one environment has only the tools. */
export function installationPermissions(actor: Bounds): ReadonlySet<Permission> {
  const held =
    actor.keyEnvironmentId === null
      ? permissionsOfUser(actor.role)
      : new Set<Permission>(['tools:use']);
  return narrow(held, actor.keyPermissions);
}

/**
 * What this caller may do in one environment; null when it may not even know of it: no role there,
 * or an API key that is bound to another one.
 */
export function environmentPermissions(
  actor: Bounds,
  environment: { readonly id: string; readonly memberRole: MemberRole | null },
): ReadonlySet<Permission> | null {
  if (actor.keyEnvironmentId !== null && actor.keyEnvironmentId !== environment.id) return null;
  if (actor.role === 'admin') return narrow(new Set(PERMISSIONS), actor.keyPermissions);
  if (environment.memberRole === null) return null;
  return narrow(permissionsOfMember(environment.memberRole), actor.keyPermissions);
}

/** Who can reset an administrator can be one: a key must hold all that it could reach that way. */
export function mayManageAdministrators({ keyPermissions, keyEnvironmentId }: Bounds): boolean {
  if (keyPermissions === null) return true;
  return keyEnvironmentId === null && PERMISSIONS.every((each) => keyPermissions.has(each));
}

/** Whoever manages clusters needs no grant of one; an administrator's narrower key does. */
export function mayUseEveryCluster(actor: Bounds): boolean {
  return installationPermissions(actor).has('clusters:manage');
}

/** Null = allowed. `inEnvironment`: undefined = no `:env` in the path; null = not to be known. */
export function decideAccess(
  access: Access,
  actor: Bounds | undefined,
  inEnvironment: ReadonlySet<Permission> | null | undefined,
): ProblemCode | null {
  if (access === 'public') return null;
  if (actor === undefined) return 'session.required';
  if (inEnvironment === null) return 'object.not-found';
  if (access === 'signed-in') return null;
  const held = inEnvironment ?? installationPermissions(actor);
  return held.has(access) ? null : 'permission.denied';
}
