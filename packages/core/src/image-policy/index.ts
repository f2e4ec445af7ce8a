export * from './admission-objects.js';
export * from './combine-policies.js';
export * from './compile-policy.js';
export * from './decide-image.js';
export * from './policy-entry.js';
export * from './whitelist.js';
