'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useEnvironment, useSession } from '../../../lib/session-context';
import { ENVIRONMENT_PLACES, INSTALLATION_PLACES, type Place, TOOL_PLACES } from '../labels';

const LAST_ENVIRONMENT = 'moorage-environment';

export interface ResolvedPlace extends Place {
  readonly href: string;
  readonly isCurrent: boolean;
}

/** The environment of the address; outside of one, the one last looked at. */
export function useCurrentEnvironment(): string {
  const { environments } = useSession();
  const { env } = useEnvironment();
  const [last, setLast] = useState('');
  useEffect(() => {
    if (env !== '') localStorage.setItem(LAST_ENVIRONMENT, env);
    else setLast(localStorage.getItem(LAST_ENVIRONMENT) ?? '');
  }, [env]);
  if (env !== '') return env;
  return environments.find(({ name }) => name === last)?.name ?? environments[0]?.name ?? '';
}

function isUnder(pathname: string, href: string, isRoot: boolean): boolean {
  return pathname === href || (!isRoot && pathname.startsWith(`${href}/`));
}

/** Where this visitor may go: what a role cannot use is not shown. */
export function usePlaces(): {
  environment: readonly ResolvedPlace[];
  tools: readonly ResolvedPlace[];
  installation: readonly ResolvedPlace[];
} {
  const session = useSession();
  const pathname = usePathname();
  const current = useCurrentEnvironment();
  const held = session.environments.find(({ name, id }) => name === current || id === current);
  const resolve = (place: Place, base: string): ResolvedPlace => {
    const href = `${base}${place.path}`;
    return { ...place, href, isCurrent: isUnder(pathname, href, place.path === '') };
  };
  const mayUse = ({ needs }: Place) => session.permissions.includes(needs);
  return {
    environment: ENVIRONMENT_PLACES.filter(({ needs }) => held?.permissions.includes(needs)).map(
      (place) => resolve(place, `/e/${current}`),
    ),
    tools: TOOL_PLACES.filter(mayUse).map((place) => resolve(place, '/tools')),
    installation: INSTALLATION_PLACES.filter(mayUse).map((place) =>
      resolve(place, '/installation'),
    ),
  };
}
