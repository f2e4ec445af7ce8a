/** The event by which a controller says that it could not create a pod (core/v1, `FailedCreate`). */
import { type ApiResource, findResource } from './api-resources.js';
import { isRecord, type KubeObject } from './kube-object.js';
import { draftNew, now } from './object-drafts.js';
import type { ObjectStore } from './object-store.js';

/** Counted up while the same thing happens again, as client-go's event recorder does. */
export function reportFailedCreation(
  store: ObjectStore,
  workload: KubeObject,
  message: string,
): void {
  const { name, namespace = '', uid } = workload.metadata;
  const text = `Error creating: ${message}`;
  const known = store
    .list({ resource: events(), namespace })
    .find((event) => isAbout(event, uid) && event.message === text);
  if (known !== undefined) {
    const count = typeof known.count === 'number' ? known.count + 1 : 2;
    store.put(events(), { ...known, count, lastTimestamp: now() });
    return;
  }
  const { kind, apiVersion } = workload;
  const body = {
    metadata: { generateName: `${name}.` },
    involvedObject: { kind, namespace, name, uid, apiVersion },
    reason: 'FailedCreate',
    message: text,
    source: { component: 'simulated-controller' },
    firstTimestamp: now(),
    lastTimestamp: now(),
    count: 1,
    type: 'Warning',
  };
  store.put(events(), draftNew({ resource: events(), namespace, name: '' }, body));
}

function isAbout({ involvedObject }: KubeObject, uid: string): boolean {
  return isRecord(involvedObject) && involvedObject.uid === uid;
}

function events(): ApiResource {
  const resource = findResource('', 'v1', 'events');
  if (resource === undefined) throw new Error('the simulated API has no events');
  return resource;
}
