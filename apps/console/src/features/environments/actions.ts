import type { Environment } from '@moorage/contract';
import { call } from '../../lib/api';
import type { Input } from '../../lib/operations';

export const addEnvironment = (body: Input<'createEnvironment'>['body']) =>
  call('createEnvironment', { body });
export const changeEnvironment = (
  { name, version }: Environment,
  body: Input<'updateEnvironment'>['body'],
) => call('updateEnvironment', { env: name, body, ifMatch: version });
export const deleteEnvironment = ({ name }: Environment) =>
  call('deleteEnvironment', { env: name });
