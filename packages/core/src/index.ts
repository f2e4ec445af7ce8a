export * from './result.js';
export * from './secret-text.js';
