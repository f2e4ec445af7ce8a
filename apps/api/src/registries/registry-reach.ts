/** Where no login of a registry arrives. */
export const NO_REACH = { namespaces: 0, inSync: 0, failed: 0 };
