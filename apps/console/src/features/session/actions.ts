import { call } from '../../lib/api';

export const signIn = (username: string, password: string) =>
  call('signIn', { body: { username, password } });

export const changeOwnPassword = (current: string, next: string) =>
  call('changeOwnPassword', { body: { current, new: next } });
