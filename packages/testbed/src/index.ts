export * from './api-connection.js';
export * from './certificates.js';
export * from './cluster-objects.js';
export * from './etcd.js';
export * from './kubernetes.js';
export * from './kubernetes-binary.js';
export * from './parts.js';
export * from './request-totals.js';
