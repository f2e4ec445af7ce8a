/**
 * From what a client sends to what is stored: the fields that only the server sets, the fields
 * that a kind does not have (dropped), and the few defaults that the product can see.
 *
 * Not handled: managedFields, and the defaults inside pod specs.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type ApiResource, groupVersionOf } from './api-resources.js';
import {
  isRecord,
  isSame,
  type JsonRecord,
  type KubeObject,
  type ObjectMetadata,
  textOf,
} from './kube-object.js';
import { dataOf, refuseIllegalBase64 } from './object-validation.js';
import { badRequest, invalid, refuse } from './status.js';

export interface DraftTarget {
  readonly resource: ApiResource;
  readonly namespace: string;
  /** From the path; empty for a create, which names itself in the body. */
  readonly name: string;
}

/** Body of a create or update as far as it can be believed: a JSON object of the right kind. */
export function readBody(target: DraftTarget, text: string): JsonRecord {
  const { kind } = target.resource;
  const version = groupVersionOf(target.resource);
  const body = parseJson(text);
  if (!isRecord(body)) {
    const why = `couldn't get version/kind; json parse error: not an object`;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why}`);
  }
  const given = textOf(body.kind) ?? kind;
  if (given !== kind) {
    throw badRequest(
      `${given} in version "${version}" cannot be handled as a ${kind}: converting (v1.${given}) to (core.${kind}): unknown conversion`,
    );
  }
  refuseOtherAddress(target, isRecord(body.metadata) ? body.metadata : {});
  return body;
}

function refuseOtherAddress({ name, namespace }: DraftTarget, metadata: JsonRecord): void {
  const givenName = textOf(metadata.name);
  if (name !== '' && givenName !== undefined && givenName !== name) {
    throw badRequest(
      `the name of the object (${givenName}) does not match the name on the URL (${name})`,
    );
  }
  const givenNamespace = textOf(metadata.namespace);
  if (givenNamespace !== undefined && givenNamespace !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
}

export function draftNew(target: DraftTarget, body: JsonRecord): KubeObject {
  const metadata = isRecord(body.metadata) ? body.metadata : {};
  if (textOf(metadata.resourceVersion) !== undefined) {
    throw refuse(500, undefined, 'resourceVersion should not be set on objects to be created');
  }
  const generateName = textOf(metadata.generateName);
  const name =
    textOf(metadata.name) ?? (generateName === undefined ? '' : `${generateName}${suffix()}`);
  if (name === '') {
    const message = 'Required value: name or generateName is required';
    throw invalid({ resource: target.resource }, [
      { reason: 'FieldValueRequired', message, field: 'metadata.name' },
    ]);
  }
  const draft = assemble(target, body, {
    name,
    ...(generateName === undefined ? {} : { generateName }),
    ...(target.namespace === '' ? {} : { namespace: target.namespace }),
    uid: randomUUID(),
    resourceVersion: '',
    ...(hasGeneration(target.resource) ? { generation: 1 } : {}),
    creationTimestamp: now(),
    ...writableMetadata(metadata),
  });
  return target.resource.kind === 'Namespace' ? activeNamespace(draft) : draft;
}

/** What stays of the old object whatever the body says, and a new generation when the spec differs. */
export function draftUpdate(target: DraftTarget, body: JsonRecord, before: KubeObject): KubeObject {
  const metadata = isRecord(body.metadata) ? body.metadata : {};
  const { name, generateName, namespace, uid, creationTimestamp, generation, deletionTimestamp } =
    before.metadata;
  const draft = assemble(target, body, {
    name,
    ...(generateName === undefined ? {} : { generateName }),
    ...(namespace === undefined ? {} : { namespace }),
    uid: textOf(metadata.uid) ?? uid,
    resourceVersion: before.metadata.resourceVersion,
    ...(generation === undefined ? {} : { generation }),
    creationTimestamp,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...writableMetadata(metadata),
  });
  const { kind } = target.resource;
  if (kind === 'Namespace') return { ...draft, spec: before.spec, status: before.status };
  // Status has a subresource of its own: a write of the object without one leaves it.
  const kept = before.status === undefined ? draft : { status: before.status, ...draft };
  if (generation === undefined || isSame(draft.spec, before.spec)) return kept;
  return { ...kept, metadata: { ...kept.metadata, generation: generation + 1 } };
}

function assemble(
  { resource }: DraftTarget,
  body: JsonRecord,
  metadata: ObjectMetadata,
): KubeObject {
  const fields: Record<string, unknown> = {};
  for (const field of resource.fields) {
    if (body[field] !== undefined && body[field] !== null) fields[field] = body[field];
  }
  const object = { kind: resource.kind, apiVersion: groupVersionOf(resource), metadata, ...fields };
  return resource.kind === 'Secret' ? completeSecret(object) : object;
}

function completeSecret(object: KubeObject): KubeObject {
  const { stringData, data, type, ...rest } = object;
  const sent = dataOf({ data });
  refuseIllegalBase64(sent);
  const merged: Record<string, string> = { ...sent };
  for (const [key, value] of Object.entries(isRecord(stringData) ? stringData : {})) {
    merged[key] = Buffer.from(String(value)).toString('base64');
  }
  const content = Object.keys(merged).length === 0 ? {} : { data: merged };
  return { ...rest, ...content, type: textOf(type) ?? 'Opaque' };
}

function activeNamespace(object: KubeObject): KubeObject {
  const labels = { 'kubernetes.io/metadata.name': object.metadata.name, ...object.metadata.labels };
  return {
    ...object,
    metadata: { ...object.metadata, labels },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

function hasGeneration({ group }: ApiResource): boolean {
  return group !== '' && group !== 'rbac.authorization.k8s.io';
}

type WritableMetadata = Pick<
  ObjectMetadata,
  'labels' | 'annotations' | 'ownerReferences' | 'finalizers'
>;

function writableMetadata(metadata: JsonRecord): WritableMetadata {
  const { labels, annotations, ownerReferences, finalizers } = metadata;
  return {
    ...textMap('labels', labels),
    ...textMap('annotations', annotations),
    // Owner references are passed through: nothing here acts on them.
    ...(Array.isArray(ownerReferences) && ownerReferences.length > 0 ? { ownerReferences } : {}),
    ...(Array.isArray(finalizers) && finalizers.length > 0
      ? { finalizers: finalizers.map(String) }
      : {}),
  };
}

function textMap(
  field: 'labels' | 'annotations',
  value: unknown,
): Record<string, Record<string, string>> {
  if (!isRecord(value) || Object.keys(value).length === 0) return {};
  const texts: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      throw badRequest(`json: cannot unmarshal metadata.${field} into a string`);
    texts[key] = text;
  }
  return { [field]: texts };
}

export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

function suffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return [...randomBytes(5)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
