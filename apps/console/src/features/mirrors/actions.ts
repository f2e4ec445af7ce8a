import type { Mirror } from '@moorage/contract';
import { call } from '../../lib/api';
import type { Input } from '../../lib/operations';

export type MirrorInput = Input<'createMirror'>['body'];
export type MirrorChange = Input<'updateMirror'>['body'];

export const addMirror = (env: string, body: MirrorInput) => call('createMirror', { env, body });
export const changeMirror = (env: string, { id, version }: Mirror, body: MirrorChange) =>
  call('updateMirror', { env, mirrorId: id, body, ifMatch: version });
export const deleteMirror = (env: string, { id }: Mirror) =>
  call('deleteMirror', { env, mirrorId: id });
