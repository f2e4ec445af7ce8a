import { type Access, MEMBER_ROLES, PERMISSIONS, permissionsOfMember } from '@moorage/contract';
import { describe, expect, it } from 'vitest';
import {
  decideAccess,
  environmentPermissions,
  installationPermissions,
} from './access-decision.js';

const person = { keyPermissions: null, keyEnvironmentId: null } as const;
const admin = { ...person, role: 'admin' } as const;
const user = { ...person, role: 'user' } as const;

describe('environmentPermissions', () => {
  it('hides an environment from a user without a role in it', () => {
    expect(environmentPermissions(user, { id: 'e', memberRole: null })).toBeNull();
  });

  it('gives an administrator everything, member or not', () => {
    for (const memberRole of [null, ...MEMBER_ROLES])
      expect([...(environmentPermissions(admin, { id: 'e', memberRole }) ?? [])]).toEqual([
        ...PERMISSIONS,
      ]);
  });

  it.each(MEMBER_ROLES)('gives a %s exactly what the role holds', (memberRole) => {
    expect(environmentPermissions(user, { id: 'e', memberRole })).toEqual(
      permissionsOfMember(memberRole),
    );
  });

  it('hides every other environment from a key that is bound to one, also when an administrator owns it', () => {
    const key = { ...admin, keyPermissions: new Set(PERMISSIONS), keyEnvironmentId: 'e' };
    expect(environmentPermissions(key, { id: 'other', memberRole: null })).toBeNull();
    expect(environmentPermissions(key, { id: 'e', memberRole: null })).not.toBeNull();
  });

  it('gives a key what it and its owner both hold', () => {
    const key = {
      ...user,
      keyPermissions: new Set(['registries:read', 'registries:write'] as const),
    };
    expect(environmentPermissions(key, { id: 'e', memberRole: 'viewer' })).toEqual(
      new Set(['registries:read']),
    );
  });
});

describe('installationPermissions', () => {
  it('gives a key that is bound to an environment nothing but the tools', () => {
    const key = { ...admin, keyPermissions: new Set(PERMISSIONS), keyEnvironmentId: 'e' };
    expect([...installationPermissions(key)]).toEqual(['tools:use']);
  });

  it('gives a user nothing but the tools', () => {
    expect([...installationPermissions(user)]).toEqual(['tools:use']);
  });
});

describe('decideAccess', () => {
  const all = new Set(PERMISSIONS);
  const cases: readonly [
    Access,
    Parameters<typeof decideAccess>[1],
    Parameters<typeof decideAccess>[2],
    ReturnType<typeof decideAccess>,
  ][] = [
    ['public', undefined, undefined, null],
    ['signed-in', undefined, undefined, 'session.required'],
    ['signed-in', user, undefined, null],
    ['signed-in', user, null, 'object.not-found'],
    ['users:manage', undefined, undefined, 'session.required'],
    ['users:manage', user, undefined, 'permission.denied'],
    ['users:manage', admin, undefined, null],
    ['registries:write', undefined, null, 'session.required'],
    ['registries:write', user, null, 'object.not-found'],
    ['registries:write', user, new Set(['registries:read']), 'permission.denied'],
    ['registries:write', user, all, null],
    // an installation's permission does not stand in for one in the environment
    ['users:manage', admin, new Set(['registries:read']), 'permission.denied'],
  ];
  it.each(cases)('%s for %o in %o is %s', (access, actor, inEnvironment, expected) => {
    expect(decideAccess(access, actor, inEnvironment)).toBe(expected);
  });
});
