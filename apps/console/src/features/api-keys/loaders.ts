import { read } from '../../lib/reads';

/** One person has few keys; all of them are shown. */
const LIMIT = 500;

export const myApiKeys = () => read('listApiKeys', { query: { limit: LIMIT } });
