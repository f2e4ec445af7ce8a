import { read } from '../../lib/reads';

/**
 * Counts behind the badges of the navigation. An entry of its own: the frame comes alive before the page
 * inside of it, and a read that it began would hide what the server sent along for the page.
 */
export function countsOf(env: string) {
  const { queryKey, queryFn } = read('getEnvironmentSummary', { env });
  return { queryKey: [...queryKey, 'navigation'], queryFn };
}

/** Registries whose name or address holds the text, for the palette. */
export const registriesMatching = (env: string, q: string) =>
  read('listRegistries', { env, query: { q, limit: 8 } });
