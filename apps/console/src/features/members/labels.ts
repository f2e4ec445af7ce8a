import type { MemberRole } from '@moorage/contract';

/** From the most to the least; words in `members.role` and `members.roleHint`. */
export const MEMBER_ROLES: readonly MemberRole[] = ['owner', 'member', 'viewer'];

export function memberRoleOf(text: string): MemberRole {
  return MEMBER_ROLES.find((role) => role === text) ?? 'viewer';
}
