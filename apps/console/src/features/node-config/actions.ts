import { call } from '../../lib/api';
import type { Input } from '../../lib/operations';

export type ImportInput = Input<'importNodeConfig'>['body'];
export type LinkInput = Input<'createNodeConfigLink'>['body'];
export type ImageListInput = Input<'planImageList'>['body'];

export const planImport = (env: string, body: ImportInput) =>
  call('importNodeConfig', { env, query: { dryRun: 'true' }, body });
export const applyImport = (env: string, body: ImportInput) =>
  call('importNodeConfig', { env, query: { dryRun: 'false' }, body });
export const createLink = (env: string, body: LinkInput) =>
  call('createNodeConfigLink', { env, body });
export const planImageList = (body: ImageListInput) => call('planImageList', { body });
export const addMirror = (env: string, body: Input<'createMirror'>['body']) =>
  call('createMirror', { env, body });
