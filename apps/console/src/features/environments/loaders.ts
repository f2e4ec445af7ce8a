import { read } from '../../lib/reads';

/** Environments are few; all of them are shown. */
const LIMIT = 500;

export const allEnvironments = () => read('listEnvironments', { query: { limit: LIMIT } });
