/**
 * Workloads of the demo look as if they ran: their status says ready, and each replica has a pod.
 * Nothing is pulled and no program starts; every pod carries a label that says so.
 */
import { type ApiResource, apiResources, groupVersionOf } from './api-resources.js';
import { reportFailedCreation } from './failed-creation.js';
import { admitImages } from './image-admission.js';
import { isRecord, type KubeObject } from './kube-object.js';
import { draftNew } from './object-drafts.js';
import type { ObjectStore } from './object-store.js';
import { Refusal } from './status.js';

export interface WorkloadController {
  stop(): void;
}

const simulatedLabel = 'dev.moorage.simulated';

const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'];

export function startWorkloadController(store: ObjectStore): WorkloadController {
  const pending = new Set<NodeJS.Immediate>();
  const unsubscribe = store.subscribe(({ resource, namespace, name, after }) => {
    if (!workloadKinds.includes(resource.kind) || isSettled(after)) return;
    // After the write that caused it has been answered, as a controller would.
    const turn = setImmediate(() => {
      pending.delete(turn);
      settle(store, resource, namespace, name);
    });
    pending.add(turn);
  });
  return {
    stop() {
      unsubscribe();
      for (const turn of pending) clearImmediate(turn);
    },
  };
}

function isSettled(object: KubeObject | undefined): boolean {
  const status = object?.status;
  return isRecord(status) && status.observedGeneration === object?.metadata.generation;
}

function settle(store: ObjectStore, resource: ApiResource, namespace: string, name: string): void {
  const workload = store.get(resource, namespace, name);
  removePods(store, resource, namespace, name);
  if (workload === undefined || isSettled(workload)) return;
  const replicas = replicasOf(workload);
  const { generation: observedGeneration = 1 } = workload.metadata;
  const counts = {
    replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    updatedReplicas: replicas,
  };
  store.put(resource, { ...workload, status: { observedGeneration, ...counts } });
  for (let nth = 0; nth < replicas; nth += 1) {
    if (!createPod(store, workload)) return;
  }
}

/** False when it was refused, which an event says; the next try would be as well. */
function createPod(store: ObjectStore, workload: KubeObject): boolean {
  try {
    const { object } = admitImages(store, podResource(), podOf(workload));
    store.put(podResource(), object);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reportFailedCreation(store, workload, error.message);
    return false;
  }
}

function replicasOf({ kind, spec }: KubeObject): number {
  const wanted = isRecord(spec) ? spec.replicas : undefined;
  // The simulated cluster has one node, so a DaemonSet has one pod.
  return kind !== 'DaemonSet' && typeof wanted === 'number' ? Math.min(wanted, mostReplicas) : 1;
}

/** A demo needs no more, and the store stays small whatever somebody types. */
const mostReplicas = 20;

function podOf(workload: KubeObject): KubeObject {
  const { name, namespace = '', uid } = workload.metadata;
  const template =
    isRecord(workload.spec) && isRecord(workload.spec.template) ? workload.spec.template : {};
  const metadata = isRecord(template.metadata) ? template.metadata : {};
  const owner = {
    apiVersion: workload.apiVersion,
    kind: workload.kind,
    name,
    uid,
    controller: true,
  };
  const labels = {
    ...(isRecord(metadata.labels) ? metadata.labels : {}),
    [simulatedLabel]: 'true',
  };
  const body = {
    metadata: { generateName: `${name}-`, labels, ownerReferences: [owner] },
    spec: { ...(isRecord(template.spec) ? template.spec : {}), nodeName: 'simulated-node' },
    status: { phase: 'Running' },
  };
  return draftNew({ resource: podResource(), namespace, name: '' }, body);
}

function removePods(
  store: ObjectStore,
  resource: ApiResource,
  namespace: string,
  name: string,
): void {
  for (const pod of store.list({ resource: podResource(), namespace })) {
    const isOurs = (pod.metadata.ownerReferences ?? []).some(
      (owner) =>
        owner.name === name &&
        owner.kind === resource.kind &&
        owner.apiVersion === groupVersionOf(resource),
    );
    if (isOurs) store.delete(podResource(), namespace, pod.metadata.name);
  }
}

function podResource(): ApiResource {
  const resource = apiResources.find(({ kind }) => kind === 'Pod');
  if (resource === undefined) throw new Error('the simulated API has no pods');
  return resource;
}
