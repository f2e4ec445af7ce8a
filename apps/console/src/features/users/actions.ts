import type { User } from '@moorage/contract';
import { call } from '../../lib/api';
import type { Input } from '../../lib/operations';

export const addUser = (body: Input<'createUser'>['body']) => call('createUser', { body });
export const changeUser = ({ id, version }: User, body: Input<'updateUser'>['body']) =>
  call('updateUser', { userId: id, body, ifMatch: version });
export const deleteUser = ({ id }: User) => call('deleteUser', { userId: id });
