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
export type { ObjectStore, StoreEvent } from './object-store.js';
export type { RequestLog, RequestRecord } from './request-log.js';
export * from './simulated-cluster.js';
export type { WatchHub } from './watch-hub.js';
