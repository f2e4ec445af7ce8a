import { read } from '../../lib/reads';

export const overviewOf = (env: string) => read('getEnvironmentSummary', { env });
/** Registries about which somebody should do something; few are shown, the list has the rest. */
export const unwellRegistriesOf = (env: string) =>
  read('listRegistries', { env, query: { attention: 'true', limit: 8 } });
/** Clusters that a first target can be made in. */
export const overviewClustersOf = (env: string) =>
  read('listGrantedClusters', { env, query: { limit: 100 } });
export const overviewTargetsOf = (env: string) =>
  read('listTargets', { env, query: { limit: 100 } });
export const overviewPolicyOf = (env: string) => read('getPolicy', { env });
