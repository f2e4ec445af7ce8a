import { read } from '../../lib/reads';

/** Counts behind the badges of the navigation. */
export const summaryOf = (env: string) => read('getEnvironmentSummary', { env });

/** Registries whose name or address holds the text, for the palette. */
export const registriesMatching = (env: string, q: string) =>
  read('listRegistries', { env, query: { q, limit: 8 } });
