/**
 * Lists with selectors, pages and resource versions. A page's token carries the revision of the
 * first page, so all pages show one state; when that is compacted away the answer is 410 with a
 * token that goes on in the present state.
 */
import { groupVersionOf } from './api-resources.js';
import { isRecord, type KubeObject } from './kube-object.js';
import { keyOfObject, type ListScope, type ObjectStore } from './object-store.js';
import type { Selector } from './selectors.js';
import { badRequest, continueExpired, refuse, tooOld } from './status.js';

export interface ListQuery {
  readonly limit: number | undefined;
  readonly continue: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly resourceVersionMatch: string | undefined;
  readonly matches: Selector;
  /** With a selector the server does not know how many remain. */
  readonly isSelective: boolean;
}

export interface ObjectList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly unknown[];
}

interface PageStart {
  readonly revision: number;
  readonly after: string;
}

/** `present` is the revision that this reader may see as the newest. */
export function listObjects(
  store: ObjectStore,
  present: number,
  scope: ListScope,
  query: ListQuery,
): ObjectList {
  const start = query.continue === undefined ? undefined : readToken(query.continue);
  const revision =
    start === undefined
      ? revisionOf(present, query)
      : start.revision < 0
        ? present
        : start.revision;
  const all = store.listAt(scope, revision);
  if (all === undefined) {
    throw start === undefined
      ? tooOld(revision, store.oldestRevision)
      : continueExpired(writeToken({ revision: -1, after: start.after }));
  }
  const rest = start === undefined ? all : all.filter((object) => tokenKey(object) > start.after);
  const matching = rest.filter(query.matches);
  const { limit } = query;
  const page = limit === undefined || limit === 0 ? matching : matching.slice(0, limit);
  const remaining = matching.length - page.length;
  const last = page.at(-1);
  const next =
    remaining > 0 && last !== undefined
      ? { continue: writeToken({ revision, after: tokenKey(last) }) }
      : {};
  return {
    kind: `${scope.resource.kind}List`,
    apiVersion: groupVersionOf(scope.resource),
    metadata: {
      resourceVersion: String(revision),
      ...next,
      ...(remaining > 0 && !query.isSelective ? { remainingItemCount: remaining } : {}),
    },
    items: page.map(withoutKind),
  };
}

/** Items of a list do not repeat their kind. */
function withoutKind({ kind: _kind, apiVersion: _apiVersion, ...rest }: KubeObject): unknown {
  return rest;
}

function revisionOf(present: number, query: ListQuery): number {
  const { resourceVersion: text, resourceVersionMatch: match } = query;
  if (text === undefined || text === '' || text === '0') return present;
  const asked = parseResourceVersion(text);
  if (asked > present) throw tooLarge(asked, present);
  return match === 'Exact' ? asked : present;
}

export function parseResourceVersion(text: string): number {
  if (!/^\d+$/.test(text)) {
    const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw refuse(500, undefined, `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${why}`);
  }
  return Number(text);
}

function tooLarge(asked: number, current: number) {
  return refuse(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${asked}, current: ${current}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  );
}

/** The closing zero byte makes the start "just after this key", as etcd's ranges want it. */
function tokenKey(object: KubeObject): string {
  return `${keyOfObject(object)}\0`;
}

function writeToken({ revision, after }: PageStart): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString(
    'base64url',
  );
}

function readToken(text: string): PageStart {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (isRecord(token) && typeof token.rv === 'number' && typeof token.start === 'string') {
      return { revision: token.rv, after: token.start };
    }
  } catch {
    // Answered below, as for a token with the wrong content.
  }
  throw badRequest(
    'invalid continue token: continue key is not valid: illegal base64 data at input byte 4',
  );
}
