/**
 * Replies of a cluster are input from outside: what is relied on is checked here. Only the shape
 * that every object has, by hand and not by a schema, because a list page holds 500 objects and
 * this runs for each.
 */

import type { WireReply } from './exchange.js';
import { KubeError, type KubeOperation } from './kube-error.js';
import type { KubeList } from './objects.js';

export function decodeObject<T>(reply: WireReply, operation: KubeOperation): T {
  const value = parseBody(reply, operation);
  if (!isRecord(value)) throw refuse(operation, 'MalformedResponse', 'the reply is not an object');
  // The caller states the kind at this path; every field of our object types but metadata.name is
  // optional, and the API server validates the rest when it stores the object.
  return value as T;
}

export interface ListPage<T> {
  readonly list: KubeList<T>;
  /** Where the next page starts, or null after the last. */
  readonly token: string | null;
}

export function decodeListPage<T>(reply: WireReply, operation: KubeOperation): ListPage<T> {
  const value = parseBody(reply, operation);
  if (!isRecord(value) || !isRecord(value.metadata)) throw notAList(operation);
  const { resourceVersion, continue: token } = value.metadata;
  if (typeof resourceVersion !== 'string' || resourceVersion === '') throw notAList(operation);
  // Go encodes an empty list of some kinds as null.
  const items: unknown = value.items ?? [];
  if (!Array.isArray(items) || !items.every(hasName)) throw notAList(operation);
  return {
    // As above: the caller states the kind.
    list: { items: items as T[], resourceVersion },
    token: typeof token === 'string' && token !== '' ? token : null,
  };
}

export function hasName(value: unknown): value is { metadata: { name: string } } {
  return isRecord(value) && isRecord(value.metadata) && typeof value.metadata.name === 'string';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseBody(reply: WireReply, operation: KubeOperation): unknown {
  const type = reply.headers['content-type'];
  if (type !== undefined && !String(type).includes('json')) {
    throw refuse(operation, 'NotKubernetes', 'the reply is not JSON');
  }
  try {
    return JSON.parse(reply.body.toString('utf8'));
  } catch {
    // The parser's message quotes the text, which may hold secrets.
    throw refuse(operation, 'MalformedResponse', 'the reply is not valid JSON');
  }
}

function notAList(operation: KubeOperation): KubeError {
  return refuse(operation, 'MalformedResponse', 'the reply is not a list of objects');
}

function refuse(
  operation: KubeOperation,
  reason: 'MalformedResponse' | 'NotKubernetes',
  what: string,
): KubeError {
  return new KubeError({
    reason,
    operation,
    message: `${operation.verb} ${operation.path}: ${what}`,
  });
}
