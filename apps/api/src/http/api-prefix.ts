/** Where the contract's endpoints live. */
export const API_PREFIX = 'api/v1';
