export * from './admission-objects.js';
export type { GrantedSelection } from './cel-text.js';
export * from './combine-policies.js';
export * from './compile-policy.js';
export * from './decide-image.js';
export * from './plan-admission.js';
export * from './policy-entry.js';
export * from './whitelist.js';
