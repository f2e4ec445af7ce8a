import type { Target } from '@moorage/contract';
import { call } from '../../lib/api';
import type { Input } from '../../lib/operations';

export type TargetInput = Input<'createTarget'>['body'];
export type TargetChange = Input<'updateTarget'>['body'];
export type ConflictChoice = Input<'adoptSecret'>['body']['choice'];

export const planNewTarget = (env: string, body: TargetInput) =>
  call('planNewTarget', { env, body });
export const addTarget = (env: string, body: TargetInput) => call('createTarget', { env, body });
export const changeTarget = (env: string, { id, version }: Target, body: TargetChange) =>
  call('updateTarget', { env, targetId: id, body, ifMatch: version });
export const deleteTarget = (env: string, { id }: Target) =>
  call('deleteTarget', { env, targetId: id });
export const syncTarget = (env: string, { id }: Target) =>
  call('syncTarget', { env, targetId: id });
export const decideConflict = (
  env: string,
  targetId: string,
  namespace: string,
  choice: ConflictChoice,
) => call('adoptSecret', { env, targetId, body: { namespace, choice } });
