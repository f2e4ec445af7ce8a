export * from './dial-policy.js';
export * from './guarded-connector.js';
export { assertDialableHost, createGuardedLookup, resolveAllowed } from './guarded-lookup.js';
export { systemResolve } from './system-resolver.js';
