/** The simulated API behind HTTP: who asks, may they, what happens to the request, who answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type AccessRule, answerReview, forbidden, isAllowed } from './access-reviews.js';
import { discoveryDocument } from './discovery.js';
import type { ForcedFailure, RequestFaults, RequestSummary } from './faults.js';
import { type HttpReply, jsonReply, send, textReply, withWarnings } from './http-reply.js';
import { readBodyText } from './loopback-server.js';
import {
  answerObjectRequest,
  methodNotAllowed,
  readWatchQuery,
  verbOf,
} from './object-requests.js';
import type { ObjectStore } from './object-store.js';
import type { RequestLog } from './request-log.js';
import { type ObjectPath, parseObjectPath } from './request-path.js';
import { Refusal, refuse } from './status.js';
import type { WatchHub } from './watch-hub.js';
import { WatchStream } from './watches.js';

export interface ClusterApiParts {
  readonly store: ObjectStore;
  readonly hub: WatchHub;
  readonly faults: RequestFaults;
  readonly log: RequestLog;
  readonly identity: () => ClusterIdentity;
}

export interface ClusterIdentity {
  readonly token: string;
  readonly user: string;
  readonly rules: readonly AccessRule[];
}

/** What kube-apiserver accepts as a request body. */
const bodyLimitBytes = 3 * 1024 * 1024;
/** The lower end of the server's own random choice when a watch names no timeout. */
const watchSeconds = 1_800;

const openPaths = ['/version', '/healthz', '/livez', '/readyz'];

export class ClusterApi {
  constructor(readonly parts: ClusterApiParts) {}

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = parseObjectPath(url.pathname);
    const method = request.method ?? 'GET';
    const summary = summarise(method, url, path);
    const { faults, log } = this.parts;
    response.once('close', () => {
      const userAgent = request.headers['user-agent'] ?? '';
      log.add({ ...summary, status: response.headersSent ? response.statusCode : 0, userAgent });
    });
    const fate = await faults.fateOf(summary);
    if (fate === 'drop-before') return void request.socket.destroy();
    const { delayMs, failure } = faults.judge();
    if (delayMs > 0) await delay(delayMs);
    if (failure !== undefined) {
      send(response, failureReply(failure));
      return;
    }
    const reply = await this.#replyTo({ request, response, url, path, summary }).catch(
      refusalReply,
    );
    // A watch has taken the response over.
    if (reply === undefined) return;
    if (fate === 'drop-after') request.socket.destroy();
    else send(response, reply);
  }

  async #replyTo(exchange: Exchange): Promise<HttpReply | undefined> {
    const { request, url, path, summary } = exchange;
    const identity = this.#identify(request, url.pathname);
    const body = await readBodyText(request, bodyLimitBytes);
    if (body === undefined) throw tooLarge();
    const { user, rules } = identity;
    if (path === undefined || (path.subresource !== '' && path.subresource !== 'status')) {
      return otherReply(exchange, body, identity);
    }
    if (summary.verb === '') throw methodNotAllowed();
    const question = { ...summary, group: path.resource.group };
    if (!isAllowed(rules, question)) throw forbidden(user, path.resource, question);
    if (summary.verb === 'watch') {
      this.#watch(exchange, path);
      return undefined;
    }
    const reply = answerObjectRequest(
      this.parts.store,
      this.parts.hub.visibleRevision,
      summary.verb,
      {
        path,
        method: summary.method,
        query: url.searchParams,
        contentType: request.headers['content-type'] ?? '',
        body,
      },
    );
    return withWarnings(jsonReply(reply.status, reply.body), reply.warnings ?? []);
  }

  #identify(request: IncomingMessage, pathname: string): ClusterIdentity {
    const identity = this.parts.identity();
    const { authorization } = request.headers;
    if (authorization === undefined) return { ...identity, user: 'system:anonymous', rules: [] };
    if (authorization === `Bearer ${identity.token}`) return identity;
    if (openPaths.includes(pathname)) return { ...identity, rules: [] };
    throw refuse(401, 'Unauthorized', 'Unauthorized');
  }

  #watch({ request, response, url }: Exchange, path: ObjectPath): void {
    const query = readWatchQuery(path, url.searchParams);
    const seconds = Number(url.searchParams.get('timeoutSeconds') ?? 0) || watchSeconds;
    response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache, private',
    });
    response.flushHeaders();
    const { store, hub } = this.parts;
    const stream = new WatchStream(store, hub.visibleRevision, path, query, {
      // Between the end and its `close` event the stream is still known to the hub.
      write: (line) => {
        if (!response.writableEnded) response.write(line);
      },
      end: (how) => {
        if (how === 'closed') response.end();
        else request.socket.destroy();
      },
    });
    const forget = this.parts.hub.add(stream);
    const timer = setTimeout(() => stream.end('closed'), seconds * 1_000);
    timer.unref();
    response.once('close', () => {
      clearTimeout(timer);
      forget();
    });
    stream.begin();
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly path: ObjectPath | undefined;
  readonly summary: RequestSummary;
}

function summarise(method: string, url: URL, path: ObjectPath | undefined): RequestSummary {
  if (path === undefined)
    return { method, path: url.pathname, verb: '', resource: '', namespace: '', name: '' };
  const { resource, namespace, name } = path;
  const verb = verbOf(method, path, url.searchParams);
  return { method, path: url.pathname, verb, resource: resource.plural, namespace, name };
}

function isKnownGroup(pathname: string): boolean {
  const [, root, group, version] = pathname.split('/');
  return root === 'apis' && discoveryDocument(`/apis/${group}/${version}`, '') !== undefined;
}

function otherReply(
  { request, url }: Exchange,
  body: string,
  identity: ClusterIdentity,
): HttpReply {
  const { pathname } = url;
  if (['/healthz', '/livez', '/readyz'].includes(pathname)) return textReply(200, 'ok');
  if (identity.user === 'system:anonymous' && !openPaths.includes(pathname)) {
    const what = `cannot ${(request.method ?? 'GET').toLowerCase()} path "${pathname}"`;
    throw refuse(403, 'Forbidden', `forbidden: User "system:anonymous" ${what}`, {});
  }
  const document = discoveryDocument(pathname, request.headers.host ?? '');
  if (document !== undefined && request.method === 'GET') return jsonReply(200, document);
  const review = answerReview(pathname, parsed(body), identity.user, identity.rules);
  if (review !== undefined && request.method === 'POST') return jsonReply(201, review);
  if (pathname.startsWith('/api/v1/') || isKnownGroup(pathname)) {
    throw refuse(404, 'NotFound', 'the server could not find the requested resource', {});
  }
  return textReply(404, '404 page not found\n');
}

function refusalReply(error: unknown): HttpReply {
  if (!(error instanceof Refusal)) throw error;
  return jsonReply(error.code, error.status);
}

function failureReply({ status, retryAfterSeconds }: ForcedFailure): HttpReply {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  // Priority and Fairness refuses in plain text, before the API proper sees the request.
  const plain = 'Too many requests, please try again later.\n';
  const message = 'an error on the server (simulated) has prevented the request from succeeding';
  const reason = status === 503 ? 'ServiceUnavailable' : 'InternalError';
  const reply =
    status === 429
      ? textReply(429, plain)
      : jsonReply(status, refuse(status, reason, message).status);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function tooLarge(): Refusal {
  const message = `Request entity too large: limit is ${bodyLimitBytes}`;
  return refuse(413, 'RequestEntityTooLarge', message);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
