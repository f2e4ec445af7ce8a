import { parseAsStringLiteral } from 'nuqs/server';
import { read } from '../../lib/reads';

export const nodeShows = ['all', 'attention'] as const;

export const nodeFilters = { show: parseAsStringLiteral(nodeShows).withDefault('all') };

export const nodesOf = (env: string) => read('listNodes', { env, query: {} });
