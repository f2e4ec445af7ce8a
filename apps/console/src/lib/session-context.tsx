'use client';

import type { Permission, Session } from '@moorage/contract';
import { useParams } from 'next/navigation';
import { createContext, type ReactNode, useContext } from 'react';

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Who is signed in, and what may be done where. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of SessionProvider');
  return session;
}

export type SessionEnvironment = Session['environments'][number];

export interface EnvironmentAccess {
  readonly env: string;
  readonly environment: SessionEnvironment | undefined;
  readonly can: (permission: Permission) => boolean;
}

/** The environment of the address bar, and what this visitor may do in it. */
export function useEnvironment(): EnvironmentAccess {
  const { environments } = useSession();
  const params = useParams<{ env?: string }>();
  const env = params.env ?? '';
  const environment = environments.find(({ name, id }) => name === env || id === env);
  return {
    env,
    environment,
    can: (permission) => environment?.permissions.includes(permission) ?? false,
  };
}
