/** One request for objects, from the parsed path to the object or list that answers it. */
import type { KubeObject } from './kube-object.js';
import { type ListQuery, listObjects, parseResourceVersion } from './lists.js';
import type { ObjectStore } from './object-store.js';
import {
  createObject,
  deleteObject,
  patchObject,
  readDeleteOptions,
  replaceObject,
} from './object-writes.js';
import type { ObjectPath } from './request-path.js';
import { parseFieldSelector, parseLabelSelector, type Selector } from './selectors.js';
import { badRequest, notFound, refuse } from './status.js';
import type { WatchQuery } from './watches.js';

export interface ObjectRequest {
  readonly path: ObjectPath;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
}

export interface ObjectReply {
  readonly status: number;
  readonly body: unknown;
  readonly warnings?: readonly string[];
}

export function verbOf(method: string, path: ObjectPath, query: URLSearchParams): string {
  const isCollection = path.name === '';
  switch (method) {
    case 'GET':
      if (!isCollection) return 'get';
      return isTrue(query.get('watch')) ? 'watch' : 'list';
    case 'POST':
      return isCollection ? 'create' : '';
    case 'PUT':
      return isCollection ? '' : 'update';
    case 'PATCH':
      return isCollection ? '' : 'patch';
    case 'DELETE':
      return isCollection ? 'deletecollection' : 'delete';
    default:
      return '';
  }
}

/** Everything but watches. `visibleRevision` is what reads may see. */
export function answerObjectRequest(
  store: ObjectStore,
  visibleRevision: number,
  verb: string,
  request: ObjectRequest,
): ObjectReply {
  const { path, query, body } = request;
  const warnings: string[] = [];
  const options = {
    dryRun: query.getAll('dryRun').includes('All'),
    onWarning: (text: string) => warnings.push(text),
  };
  switch (verb) {
    case 'get':
      return { status: 200, body: readObject(store, visibleRevision, path) };
    case 'list':
      return {
        status: 200,
        body: listObjects(store, visibleRevision, path, readListQuery(path, query)),
      };
    case 'create':
      return { status: 201, body: createObject(store, path, body, options), warnings };
    case 'update':
      return { status: 200, body: replaceObject(store, path, body, options), warnings };
    case 'patch':
      refuseOtherPatch(request.contentType);
      return { status: 200, body: patchObject(store, path, body, options), warnings };
    case 'delete':
      return {
        status: 200,
        body: deleteObject(store, path, { ...readDeleteOptions(body), ...dryRunOf(options) }),
      };
    case 'deletecollection':
      return { status: 200, body: deleteCollection(store, request) };
    default:
      throw methodNotAllowed();
  }
}

export function methodNotAllowed() {
  const message = 'the server does not allow this method on the requested resource';
  return refuse(405, 'MethodNotAllowed', message, {});
}

export function readWatchQuery(path: ObjectPath, query: URLSearchParams): WatchQuery {
  const version = query.get('resourceVersion') ?? '';
  const start = version === '' || version === '0' ? undefined : parseResourceVersion(version);
  return {
    startRevision: start,
    matches: matcher(path, query),
    bookmarks: isTrue(query.get('allowWatchBookmarks')),
    initialEvents: isTrue(query.get('sendInitialEvents')),
  };
}

function readListQuery(path: ObjectPath, query: URLSearchParams): ListQuery {
  const limit = query.get('limit');
  if (limit !== null && !/^\d+$/.test(limit)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(limit)}: invalid syntax`);
  }
  const given = (name: string) => query.get(name) || undefined;
  return {
    limit: limit === null ? undefined : Number(limit),
    continue: given('continue'),
    resourceVersion: given('resourceVersion'),
    resourceVersionMatch: given('resourceVersionMatch'),
    matches: matcher(path, query),
    isSelective: given('labelSelector') !== undefined || given('fieldSelector') !== undefined,
  };
}

function matcher({ resource }: ObjectPath, query: URLSearchParams): Selector {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(resource, query.get('fieldSelector') ?? '');
  return (object) => labels(object) && fields(object);
}

function readObject(
  store: ObjectStore,
  visibleRevision: number,
  { resource, namespace, name }: ObjectPath,
): KubeObject {
  const present = store.get(resource, namespace, name);
  const seen =
    visibleRevision === store.revision
      ? present
      : store
          .listAt({ resource, namespace }, visibleRevision)
          ?.find(({ metadata }) => metadata.name === name);
  if (seen === undefined) throw notFound({ resource, name });
  return seen;
}

function deleteCollection(store: ObjectStore, { path, query }: ObjectRequest): unknown {
  const list = listObjects(store, store.revision, path, readListQuery(path, query));
  for (const object of store.list(path).filter(matcher(path, query))) {
    const { namespace = '', name } = object.metadata;
    deleteObject(store, { resource: path.resource, namespace, name }, {});
  }
  return list;
}

/** The real server knows three more kinds of patch; the product uses only this one. */
function refuseOtherPatch(contentType: string): void {
  if (contentType.split(';')[0]?.trim() === 'application/merge-patch+json') return;
  throw refuse(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

function dryRunOf(options: { readonly dryRun: boolean }) {
  return options.dryRun ? { dryRun: true } : {};
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}
