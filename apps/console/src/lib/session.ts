import 'server-only';
import type { Session } from '@moorage/contract';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { ProblemError } from './api';
import { callFromServer } from './server-api';

/** Who asks, once per request; a visitor without a session is sent to sign in. */
export const loadSession = cache(async (): Promise<Session> => {
  try {
    return await callFromServer('getSession', {});
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) redirect('/sign-in');
    throw error;
  }
});

/** Refuses an environment that the visitor does not know of, as the API would. */
export async function requireEnvironment(env: string): Promise<void> {
  const { environments } = await loadSession();
  if (!environments.some(({ id, name }) => id === env || name === env)) notFound();
}

/** Pages of the installation exist only for those who manage it. */
export async function requirePermission(permission: Session['permissions'][number]): Promise<void> {
  if (!(await loadSession()).permissions.includes(permission)) notFound();
}
