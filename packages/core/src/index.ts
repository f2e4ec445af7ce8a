export * from './credential-scope.js';
export * from './image-reference.js';
export * from './registry-host.js';
export * from './repository-path.js';
export * from './result.js';
export * from './secret-text.js';
