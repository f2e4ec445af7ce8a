/**
 * Calls to one Kubernetes API server: pooled, bounded and patient.
 *
 * Each call waits for one of a number of slots that follows the server's own signals
 * (`in-flight-limit.ts`), is repeated when the server says "later" (429, or 503 with
 * `Retry-After`), and ends in a value or a `KubeError`. A call that got no reply is not repeated,
 * except reads: whether a write happened is unknown then, and only a fresh look can tell.
 *
 * Replies are checked for shape as far as every object has it (`metadata.name`); the type
 * argument of a method says which kind the path holds and is the caller's claim.
 *
 * Does not handle: discovery, protobuf, server-side apply, exec/attach/port-forward.
 */

import {
  defaultMaxInFlight,
  defaultPageLimit,
  defaultRequestTimeoutMs,
  maxListBytes,
  maxListItems,
  maxPages,
} from './client-limits.js';
import type {
  CallOptions,
  DeleteOptions,
  KubeClientOptions,
  KubeClientStats,
  ListOptions,
  RequestBody,
  TextOptions,
  WatchOptions,
  WriteOptions,
} from './client-options.js';
import type { ClusterAccess } from './cluster-access.js';
import { decodeListPage, decodeObject } from './decode-reply.js';
import { isKubeError, KubeError, type KubeOperation } from './kube-error.js';
import type { KubeList, KubeObject } from './objects.js';
import { selectionQuery, withQuery } from './request-query.js';
import { RequestRunner } from './request-runner.js';
import { warningsOf } from './warning-header.js';
import { runWatch } from './watch-request.js';

const jsonType = 'application/json';
const mergePatchType = 'application/merge-patch+json';

export class KubeClient {
  /** `host[:port]` of the server, for logs. */
  readonly host: string;
  readonly #runner: RequestRunner;

  constructor(access: ClusterAccess, options: KubeClientOptions) {
    this.host = new URL(access.server).host;
    this.#runner = new RequestRunner(access, {
      ...options,
      maxInFlight: options.maxInFlight ?? defaultMaxInFlight,
      requestTimeoutMs: options.requestTimeoutMs ?? defaultRequestTimeoutMs,
    });
  }

  async get<T = KubeObject>(path: string, options: CallOptions = {}): Promise<T> {
    const operation: KubeOperation = { verb: 'get', path };
    const reply = await this.#runner.run({ operation, method: 'GET', path, options });
    return decodeObject<T>(reply, operation);
  }

  /** A reply that is plain text and no object: `/metrics`. */
  async getText(path: string, options: TextOptions): Promise<string> {
    const operation: KubeOperation = { verb: 'get', path };
    const { maxBytes } = options;
    const reply = await this.#runner.run({
      operation,
      method: 'GET',
      path,
      options,
      accept: 'text/plain',
      maxBytes,
    });
    return reply.body.toString('utf8');
  }

  /** All pages, read consistently (never from a stale cache). Starts over once if they expire. */
  async list<T = KubeObject>(path: string, options: ListOptions = {}): Promise<KubeList<T>> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#listOnce<T>(path, options);
      } catch (error) {
        // A continue token lives as long as etcd keeps the revision (5 minutes by default).
        if (attempt > 0 || !(isKubeError(error, 'Expired') || isKubeError(error, 'Gone')))
          throw error;
      }
    }
  }

  async #listOnce<T>(path: string, options: ListOptions): Promise<KubeList<T>> {
    const items: T[] = [];
    let resourceVersion = '';
    for await (const page of this.listPages<T>(path, options)) {
      for (const item of page.items) items.push(item);
      // All pages of one list carry the version of the first (api-concepts, chunks).
      resourceVersion ||= page.resourceVersion;
    }
    return { items, resourceVersion };
  }

  /** The same page by page, for callers that keep only a part of each object. */
  async *listPages<T = KubeObject>(
    path: string,
    options: ListOptions = {},
  ): AsyncGenerator<KubeList<T>> {
    const operation: KubeOperation = { verb: 'list', path };
    let token: string | null = null;
    let items = 0;
    let bytes = 0;
    for (let page = 0; page < maxPages; page += 1) {
      const query: URLSearchParams = selectionQuery(options);
      query.set('limit', String(options.limit ?? defaultPageLimit));
      if (token !== null) query.set('continue', token);
      const reply = await this.#runner.run({
        operation,
        method: 'GET',
        path: withQuery(path, query),
        options,
        projection: options.projection === 'metadata' ? 'list' : undefined,
      });
      const decoded = decodeListPage<T>(reply, operation);
      items += decoded.list.items.length;
      bytes += reply.body.length;
      if (items > maxListItems || bytes > maxListBytes) break;
      yield decoded.list;
      if (decoded.token === null) return;
      if (decoded.token === token) throw malformed(operation, 'the same continue token twice');
      token = decoded.token;
    }
    throw new KubeError({
      reason: 'ResponseTooLarge',
      operation,
      message: `list ${path}: more objects than any cluster has`,
    });
  }

  create<T = KubeObject>(path: string, body: RequestBody, options: WriteOptions = {}): Promise<T> {
    return this.#write<T>({ verb: 'create', path }, 'POST', jsonType, body, options);
  }

  /** RFC 7386. Put `metadata.resourceVersion` in to make it conditional. */
  mergePatch<T = KubeObject>(
    path: string,
    patch: RequestBody,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#write<T>({ verb: 'patch', path }, 'PATCH', mergePatchType, patch, options);
  }

  replace<T = KubeObject>(path: string, body: RequestBody, options: WriteOptions = {}): Promise<T> {
    return this.#write<T>({ verb: 'replace', path }, 'PUT', jsonType, body, options);
  }

  async #write<T>(
    operation: KubeOperation,
    method: 'POST' | 'PATCH' | 'PUT',
    contentType: string,
    body: RequestBody,
    options: WriteOptions,
  ): Promise<T> {
    const path = withQuery(operation.path, writeQuery(options));
    const encoded =
      typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const reply = await this.#runner.run({
      operation,
      method,
      path,
      options,
      contentType,
      body: encoded,
    });
    for (const warning of warningsOf(reply.headers)) options.onWarning?.(warning);
    return decodeObject<T>(reply, operation);
  }

  /** True when this call deleted (or began to), false when there was nothing. */
  async delete(path: string, options: DeleteOptions = {}): Promise<boolean> {
    const operation: KubeOperation = { verb: 'delete', path };
    const { uid, resourceVersion, dryRun } = options;
    const preconditions = {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    const body = JSON.stringify({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Background',
      ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
      ...(dryRun === true ? { dryRun: ['All'] } : {}),
    });
    try {
      await this.#runner.run({
        operation,
        method: 'DELETE',
        path,
        options,
        contentType: jsonType,
        body,
      });
      return true;
    } catch (error) {
      if (isKubeError(error, 'NotFound')) return false;
      throw error;
    }
  }

  /** Resolves when the server ends the watch; throws `KubeError` otherwise. */
  watch(path: string, options: WatchOptions): Promise<void> {
    return runWatch(this.#runner, path, options);
  }

  get stats(): KubeClientStats {
    return this.#runner.stats;
  }

  /** Ends all calls with reason `Closed`, then all connections. */
  close(): Promise<void> {
    return this.#runner.close();
  }
}

function writeQuery(options: WriteOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (options.fieldManager !== undefined) query.set('fieldManager', options.fieldManager);
  if (options.dryRun === true) query.set('dryRun', 'All');
  return query;
}

function malformed(operation: KubeOperation, what: string): KubeError {
  return new KubeError({
    reason: 'MalformedResponse',
    operation,
    message: `list ${operation.path}: ${what}`,
  });
}
