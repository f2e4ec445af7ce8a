export * from './api-connection.js';
export * from './certificates.js';
export * from './cluster-objects.js';
export * from './etcd.js';
export type { K3sLayout, K3sLayoutOptions } from './k3s-layout.js';
export * from './kubernetes.js';
export * from './kubernetes-binary.js';
export * from './node.js';
export * from './parts.js';
export * from './pods.js';
export * from './postgres.js';
export type {
  ForbiddenObservations,
  PropagationReport,
  PropagationRun,
} from './propagation-ledger.js';
export * from './registry.js';
export * from './request-totals.js';
export * from './test-image.js';
export * from './watcher.js';
