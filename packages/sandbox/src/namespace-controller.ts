/**
 * The part of the controller-manager that the product relies on: a new namespace gets its
 * `default` service account and the root certificate's ConfigMap, a deleted one is emptied and
 * then removed once its own finalizers are gone.
 */
import { apiResources, coreResource } from './api-resources.js';
import type { KubeObject } from './kube-object.js';
import type { ObjectStore, StoreEvent } from './object-store.js';
import { createObject } from './object-writes.js';

export interface NamespaceController {
  stop(): void;
}

export function startNamespaceController(
  store: ObjectStore,
  removalDelayMs: number,
): NamespaceController {
  const timers = new Set<NodeJS.Timeout>();
  const later = (work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, removalDelayMs);
    timer.unref();
    timers.add(timer);
  };
  const unsubscribe = store.subscribe((event) => {
    if (event.resource.kind !== 'Namespace') return;
    if (event.before === undefined) furnish(store, event.name);
    else if (isGoing(event)) later(() => removeNamespace(store, event.name));
  });
  return {
    stop() {
      unsubscribe();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function furnish(store: ObjectStore, namespace: string): void {
  const account = { metadata: { name: 'default' } };
  createObject(
    store,
    { resource: coreResource('serviceaccounts'), namespace, name: '' },
    JSON.stringify(account),
  );
  const certificate = { metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': 'simulated' } };
  createObject(
    store,
    { resource: coreResource('configmaps'), namespace, name: '' },
    JSON.stringify(certificate),
  );
}

function isGoing({ after }: StoreEvent): boolean {
  return after?.metadata.deletionTimestamp !== undefined;
}

function removeNamespace(store: ObjectStore, name: string): void {
  const namespaces = coreResource('namespaces');
  const found = store.get(namespaces, '', name);
  if (found === undefined || found.metadata.deletionTimestamp === undefined) return;
  const isEmpty = emptyNamespace(store, name);
  if (isEmpty && hasNoFinalizers(found)) store.delete(namespaces, '', name);
}

/** False when an object's own finalizers keep it. */
function emptyNamespace(store: ObjectStore, namespace: string): boolean {
  let isEmpty = true;
  for (const resource of apiResources.filter(({ namespaced }) => namespaced)) {
    for (const object of store.list({ resource, namespace })) {
      if (hasNoFinalizers(object)) store.delete(resource, namespace, object.metadata.name);
      else isEmpty = false;
    }
  }
  return isEmpty;
}

function hasNoFinalizers({ metadata }: KubeObject): boolean {
  return (metadata.finalizers ?? []).length === 0;
}
