import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { read } from '../../lib/reads';

export const namespaceStates = ['in-sync', 'pending', 'failed', 'conflict', 'ignored'] as const;
export type NamespaceState = (typeof namespaceStates)[number];

export const namespaceFilters = {
  q: parseAsString.withDefault(''),
  state: parseAsStringLiteral(namespaceStates),
};

/** Targets of one environment are few; all of them are shown. */
const LIMIT = 500;
/** The most that one page of a list holds. */
const PAGE = 500;

export const targetsOf = (env: string) => read('listTargets', { env, query: { limit: LIMIT } });
export const targetOf = (env: string, targetId: string) => read('getTarget', { env, targetId });
export const planOf = (env: string, targetId: string) => read('planTarget', { env, targetId });
export const usableClustersOf = (env: string) =>
  read('listGrantedClusters', { env, query: { limit: LIMIT } });

interface NamespaceFilters {
  readonly q: string;
  readonly state: NamespaceState | null;
}

export const namespacesOf = (
  env: string,
  targetId: string,
  { q, state }: NamespaceFilters,
  cursor: string | null,
) =>
  read('listTargetNamespaces', {
    env,
    targetId,
    query: {
      limit: PAGE,
      q,
      ...(state === null ? {} : { state }),
      ...(cursor === null ? {} : { cursor }),
    },
  });
