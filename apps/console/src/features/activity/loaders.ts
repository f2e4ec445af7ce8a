import { createLoader, parseAsString } from 'nuqs/server';
import type { Input } from '../../lib/operations';
import { read } from '../../lib/reads';

export const activityFilters = {
  q: parseAsString.withDefault(''),
  action: parseAsString.withDefault(''),
  cursor: parseAsString,
};
export const loadActivityFilters = createLoader(activityFilters);

type Filters = Awaited<ReturnType<typeof loadActivityFilters>>;

function queryOf({ q, action, cursor }: Filters): NonNullable<Input<'listAudit'>['query']> {
  return { q, action, ...(cursor === null ? {} : { cursor }) };
}

export const activityOf = (env: string, filters: Filters) =>
  read('listAudit', { env, query: queryOf(filters) });
export const allActivity = (filters: Filters) =>
  read('listInstallationAudit', { query: queryOf(filters) });
