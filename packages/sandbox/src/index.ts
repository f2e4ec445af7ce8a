export type { AccessRule } from './access-reviews.js';
export { simulatedVersion } from './discovery.js';
export type {
  Interceptor,
  RequestFate,
  RequestFaults,
  RequestSummary,
  Throttle,
  Unreachable,
} from './faults.js';
export type { JsonRecord, KubeObject, ObjectMetadata } from './kube-object.js';
export type { SimulatedNode } from './node-agents.js';
export type { ObjectStore, StoreEvent } from './object-store.js';
export type { RegistryAuthentication, RegistryUser } from './registry-access.js';
export { builtInImages, type SimulatedImage } from './registry-images.js';
export type { RequestLog, RequestRecord } from './request-log.js';
export * from './simulated-cluster.js';
export * from './simulated-registry.js';
export type { WatchHub } from './watch-hub.js';
