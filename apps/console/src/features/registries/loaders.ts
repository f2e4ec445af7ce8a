import { createLoader, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { Input } from '../../lib/operations';
import { read } from '../../lib/reads';

export const registrySorts = ['name', '-name', 'createdAt', '-createdAt'] as const;

/** Everything that the list shows is in its address, so a link shows the same. */
export const registryFilters = {
  q: parseAsString.withDefault(''),
  state: parseAsStringLiteral(['enabled', 'disabled'] as const),
  attention: parseAsBoolean,
  sort: parseAsStringLiteral(registrySorts).withDefault('name'),
  cursor: parseAsString,
};
export const loadRegistryFilters = createLoader(registryFilters);

type Filters = Awaited<ReturnType<typeof loadRegistryFilters>>;

function queryOf(filters: Filters): NonNullable<Input<'listRegistries'>['query']> {
  return {
    sort: filters.sort,
    q: filters.q,
    ...(filters.state === null ? {} : { state: filters.state }),
    ...(filters.attention === null ? {} : { attention: String(filters.attention) }),
    ...(filters.cursor === null ? {} : { cursor: filters.cursor }),
  };
}

export const registriesOf = (env: string, filters: Filters) =>
  read('listRegistries', { env, query: queryOf(filters) });
export const registryOf = (env: string, registryId: string) =>
  read('getRegistry', { env, registryId });
export const credentialsOf = (env: string, registryId: string) =>
  read('listCredentials', { env, registryId });
export const registrySummaryOf = (env: string) => read('getEnvironmentSummary', { env });
/** Which clusters the environment's logins go to. */
export const deliveriesOf = (env: string) => read('listTargets', { env });

type Action = 'disable' | 'delete';
export const registryImpactOf = (env: string, registryId: string, action: Action) =>
  read('getRegistryImpact', { env, registryId, query: { action } });
export const credentialImpactOf = (
  env: string,
  registryId: string,
  credentialId: string,
  action: Action,
) => read('getCredentialImpact', { env, registryId, credentialId, query: { action } });
