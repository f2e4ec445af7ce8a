/** Paths of the API: `/api/v1/…` and `/apis/<group>/<version>/…` down to a subresource. */
import { type ApiResource, findResource } from './api-resources.js';

export interface ObjectPath {
  readonly resource: ApiResource;
  readonly namespace: string;
  /** Empty: the collection. */
  readonly name: string;
  readonly subresource: string;
}

export function parseObjectPath(pathname: string): ObjectPath | undefined {
  const parts = pathname.split('/').slice(1).map(decodePart);
  if (parts.some((part) => part === undefined || part === '')) return undefined;
  const [root, ...rest] = parts as string[]; // Checked above: none is undefined.
  if (root === 'api') return parseInGroup('', rest[0] ?? '', rest.slice(1));
  if (root === 'apis') return parseInGroup(rest[0] ?? '', rest[1] ?? '', rest.slice(2));
  return undefined;
}

function parseInGroup(
  group: string,
  version: string,
  parts: readonly string[],
): ObjectPath | undefined {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = parts;
  if (parts.length > 5) return undefined;
  const inner = first === 'namespaces' ? findResource(group, version, third) : undefined;
  if (inner?.namespaced === true) {
    return { resource: inner, namespace: second, name: fourth, subresource: fifth };
  }
  const resource = findResource(group, version, first);
  if (resource === undefined || parts.length > 3) return undefined;
  // A namespaced kind without its namespace is the list over all namespaces, and nothing below it.
  if (resource.namespaced && second !== '') return undefined;
  return { resource, namespace: '', name: second, subresource: third };
}

function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
