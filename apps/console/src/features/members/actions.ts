import type { MemberRole } from '@moorage/contract';
import { call } from '../../lib/api';

export const putMember = (env: string, user: string, role: MemberRole) =>
  call('putMember', { env, userId: user, body: { role } });
export const deleteMember = (env: string, userId: string) => call('deleteMember', { env, userId });
