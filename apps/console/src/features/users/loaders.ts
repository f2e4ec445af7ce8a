import { createLoader, parseAsString } from 'nuqs/server';
import { read } from '../../lib/reads';

export const userFilters = { q: parseAsString.withDefault(''), cursor: parseAsString };
export const loadUserFilters = createLoader(userFilters);

export const usersOf = ({ q, cursor }: Awaited<ReturnType<typeof loadUserFilters>>) =>
  read('listUsers', { query: { q, ...(cursor === null ? {} : { cursor }) } });
