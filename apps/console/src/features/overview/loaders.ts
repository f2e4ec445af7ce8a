import { read } from '../../lib/reads';

export const overviewOf = (env: string) => read('getEnvironmentSummary', { env });
/** Registries about which somebody should do something; few are shown, the list has the rest. */
export const unwellRegistriesOf = (env: string) =>
  read('listRegistries', { env, query: { attention: 'true', limit: 8 } });
export const overviewTargetsOf = (env: string) =>
  read('listTargets', { env, query: { limit: 100 } });
