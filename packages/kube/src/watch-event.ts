/**
 * One line of a watch: `{"type": ..., "object": ...}` (meta/v1 WatchEvent).
 */
import { hasName, isRecord } from './decode-reply.js';
import { KubeError, type KubeOperation } from './kube-error.js';
import type { KubeObject } from './objects.js';
import { parseStatusBody, statusBodyError } from './status-error.js';

export type WatchEvent =
  | {
      readonly type: 'changed' | 'gone';
      readonly object: KubeObject;
      readonly resourceVersion: string;
    }
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  | { readonly type: 'error'; readonly error: KubeError };

/** Throws `KubeError` (`MalformedResponse`) for a line that is no event. */
export function parseWatchEvent(line: string, operation: KubeOperation): WatchEvent {
  const event = parse(line, operation);
  if (!isRecord(event)) throw malformed(operation);
  if (event.type === 'ERROR') return { type: 'error', error: errorOf(event.object, operation) };
  const resourceVersion = versionOf(event.object);
  if (resourceVersion === null) throw malformed(operation);
  if (event.type === 'BOOKMARK') return { type: 'bookmark', resourceVersion };
  if (!hasName(event.object)) throw malformed(operation);
  if (event.type === 'ADDED' || event.type === 'MODIFIED') {
    return { type: 'changed', object: event.object, resourceVersion };
  }
  if (event.type === 'DELETED') return { type: 'gone', object: event.object, resourceVersion };
  throw malformed(operation);
}

function errorOf(object: unknown, operation: KubeOperation): KubeError {
  const status = parseStatusBody(object);
  return status === null ? malformed(operation) : statusBodyError(status, operation);
}

function versionOf(object: unknown): string | null {
  if (!isRecord(object) || !isRecord(object.metadata)) return null;
  const { resourceVersion } = object.metadata;
  return typeof resourceVersion === 'string' && resourceVersion !== '' ? resourceVersion : null;
}

function parse(line: string, operation: KubeOperation): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The parser's message quotes the line, which may hold secrets.
    throw malformed(operation);
  }
}

function malformed(operation: KubeOperation): KubeError {
  return new KubeError({
    reason: 'MalformedResponse',
    operation,
    message: `watch ${operation.path}: a line that is not a watch event`,
  });
}
