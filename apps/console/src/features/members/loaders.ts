import { read } from '../../lib/reads';

/** A list this long is shown whole: people of one environment are few. */
const LIMIT = 500;

export const membersOf = (env: string) => read('listMembers', { env, query: { limit: LIMIT } });
