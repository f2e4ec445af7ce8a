/**
 * Create, update, merge patch and delete with the API's rules: optimistic locking by
 * resourceVersion, preconditions, finalizers, terminating namespaces.
 */
import { type ApiResource, coreResource } from './api-resources.js';
import { admitImages } from './image-admission.js';
import { isRecord, isSame, type JsonRecord, type KubeObject, textOf } from './kube-object.js';
import { applyMergePatch } from './merge-patch.js';
import { type DraftTarget, draftNew, draftUpdate, now, readBody } from './object-drafts.js';
import type { ObjectStore } from './object-store.js';
import { validateObject } from './object-validation.js';
import {
  alreadyExists,
  badRequest,
  conflict,
  failedPrecondition,
  modifiedMeanwhile,
  namespaceTerminating,
  notFound,
  type Status,
  successOf,
} from './status.js';

export interface WriteAddress {
  readonly resource: ApiResource;
  readonly namespace: string;
  readonly name: string;
}

export interface WriteOptions {
  readonly dryRun: boolean;
  /** What an accepted write is warned about. */
  readonly onWarning?: (text: string) => void;
}

const forReal: WriteOptions = { dryRun: false };

export function createObject(
  store: ObjectStore,
  target: DraftTarget,
  text: string,
  options: WriteOptions = forReal,
): KubeObject {
  const { resource, namespace } = target;
  const draft = draftNew(target, readBody(target, text));
  const { name } = draft.metadata;
  refuseInNamespace(store, { resource, namespace, name });
  validateObject(resource, draft);
  const { object, warnings } = admitImages(store, resource, draft);
  for (const warning of warnings) options.onWarning?.(warning);
  if (store.get(resource, namespace, name) !== undefined) throw alreadyExists({ resource, name });
  return options.dryRun ? object : store.put(resource, object);
}

/** PUT: the whole object. Without a resourceVersion it overwrites whatever is there. */
export function replaceObject(
  store: ObjectStore,
  address: WriteAddress,
  text: string,
  options: WriteOptions = forReal,
): KubeObject {
  const body = readBody(address, text);
  const before = existing(store, address);
  const uid = textOf(metadataOf(body).uid);
  if (uid !== undefined && uid !== before.metadata.uid) {
    const { resource, namespace, name } = address;
    const key = ['/registry', resource.plural, ...(namespace === '' ? [] : [namespace]), name].join(
      '/',
    );
    const found = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`;
    const error = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${found}`;
    throw conflict(address, error);
  }
  return writeChange(store, address, body, before, options);
}

export function patchObject(
  store: ObjectStore,
  address: WriteAddress,
  text: string,
  options: WriteOptions = forReal,
): KubeObject {
  const before = existing(store, address);
  const patch = readPatch(text);
  const patched = applyMergePatch(before, patch);
  // Only a version that the patch itself names is a condition; the one merged in is the present one.
  return writeChange(store, address, readBody(address, JSON.stringify(patched)), before, options);
}

export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly dryRun?: boolean;
}

/** The object when finalizers keep it (its deletion has begun), else the status of success. */
export function deleteObject(
  store: ObjectStore,
  address: WriteAddress,
  options: DeleteOptions,
): KubeObject | Status {
  const before = existing(store, address);
  refuseOtherVersion(address, before, options);
  const { resource, namespace, name } = address;
  const { finalizers = [], deletionTimestamp, uid } = before.metadata;
  const lingers = resource.kind === 'Namespace' || finalizers.length > 0;
  if (options.dryRun === true) return lingers ? before : successOf(address, uid);
  if (lingers) {
    if (deletionTimestamp !== undefined) return before;
    const metadata = { ...before.metadata, deletionTimestamp: now() };
    const status = resource.kind === 'Namespace' ? { status: { phase: 'Terminating' } } : {};
    return store.put(resource, { ...before, metadata, ...status });
  }
  store.delete(resource, namespace, name);
  return successOf(address, uid);
}

export function readDeleteOptions(text: string): DeleteOptions {
  const body: unknown = text.trim() === '' ? {} : parsed(text);
  if (!isRecord(body)) throw badRequest('the delete options are not a JSON object');
  const preconditions = isRecord(body.preconditions) ? body.preconditions : {};
  const uid = textOf(preconditions.uid);
  const resourceVersion = textOf(preconditions.resourceVersion);
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    dryRun: Array.isArray(body.dryRun) && body.dryRun.includes('All'),
  };
}

function writeChange(
  store: ObjectStore,
  address: WriteAddress,
  body: JsonRecord,
  before: KubeObject,
  options: WriteOptions,
): KubeObject {
  const version = textOf(metadataOf(body).resourceVersion);
  if (version !== undefined && version !== before.metadata.resourceVersion) {
    throw conflict(address, modifiedMeanwhile);
  }
  const draft = draftUpdate(address, body, before);
  validateObject(address.resource, draft, before);
  const { object: after, warnings } = admitImages(store, address.resource, draft, before);
  for (const warning of warnings) options.onWarning?.(warning);
  // A write that changes nothing keeps the version and reaches no watcher.
  if (isSame(after, before)) return before;
  if (options.dryRun) return after;
  const isLastFinalizerGone =
    after.metadata.deletionTimestamp !== undefined &&
    (after.metadata.finalizers ?? []).length === 0;
  if (isLastFinalizerGone && address.resource.kind !== 'Namespace') {
    store.delete(address.resource, address.namespace, address.name);
    return after;
  }
  return store.put(address.resource, after);
}

function existing(store: ObjectStore, { resource, namespace, name }: WriteAddress): KubeObject {
  const object = store.get(resource, namespace, name);
  if (object === undefined) throw notFound({ resource, name });
  return object;
}

/** In a namespace that is not there, or is going, nothing new is made. */
function refuseInNamespace(store: ObjectStore, { resource, namespace, name }: WriteAddress): void {
  if (!resource.namespaced) return;
  const namespaces = coreResource('namespaces');
  const found = store.get(namespaces, '', namespace);
  if (found === undefined) throw notFound({ resource: namespaces, name: namespace });
  if (found.metadata.deletionTimestamp !== undefined)
    throw namespaceTerminating({ resource, name, namespace });
}

function refuseOtherVersion(
  address: WriteAddress,
  { metadata }: KubeObject,
  options: DeleteOptions,
): void {
  const { uid, resourceVersion } = options;
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`;
    throw failedPrecondition(address, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`;
    throw failedPrecondition(address, why);
  }
}

function readPatch(text: string): JsonRecord {
  const patch = parsed(text);
  if (Array.isArray(patch)) {
    const why = 'json: cannot unmarshal array into Go value of type map[string]interface {}';
    throw badRequest(`error decoding patch: ${why}`);
  }
  if (!isRecord(patch)) throw badRequest('error decoding patch: unexpected end of JSON input');
  return patch;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function metadataOf(body: JsonRecord): JsonRecord {
  return isRecord(body.metadata) ? body.metadata : {};
}
