/**
 * A simulated container registry on a loopback port: the reading half of the distribution
 * specification (ping, catalog, tags, manifests, blobs) with Basic or Bearer authentication, for
 * the demo environment and for tests. Its challenge says that it is simulated, and so does the
 * config of each image.
 *
 * Not handled: pushing (405), deleting, ranges, referrers, TLS.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { RequestFaults, type RequestSummary, type Unreachable } from './faults.js';
import { listenOnLoopback } from './loopback-server.js';
import {
  RegistryAccess,
  type RegistryAuthentication,
  type RegistryUser,
} from './registry-access.js';
import {
  builtInImages,
  digestOf,
  type Repository,
  type SimulatedImage,
  storeImage,
} from './registry-images.js';
import { RequestLog } from './request-log.js';

export interface SimulatedRegistryOptions {
  readonly authentication?: RegistryAuthentication;
  readonly users?: readonly RegistryUser[];
  readonly images?: readonly SimulatedImage[];
  readonly port?: number;
  /** Life of a bearer token. */
  readonly tokenSeconds?: number;
}

export interface SimulatedRegistry {
  /** `127.0.0.1:port`: the address of a registry. */
  readonly address: string;
  readonly url: string;
  readonly faults: RequestFaults;
  readonly requests: RequestLog;
  setUsers(users: readonly RegistryUser[]): void;
  setUnreachable(how: Unreachable | undefined): Promise<void>;
  addImage(image: SimulatedImage): void;
  /** The digest that a tag points to. */
  digestOf(repository: string, tag: string): string | undefined;
  stop(): Promise<void>;
}

export async function startSimulatedRegistry(
  options: SimulatedRegistryOptions = {},
): Promise<SimulatedRegistry> {
  const {
    authentication = 'none',
    users = [],
    images = builtInImages,
    tokenSeconds = 300,
  } = options;
  const repositories = new Map<string, Repository>();
  for (const image of images) storeImage(repositories, image);
  const access = new RegistryAccess(authentication, users, tokenSeconds);
  const [faults, log] = [new RequestFaults(), new RequestLog()];
  const api = new RegistryApi(repositories, access, faults, log);
  const server = await listenOnLoopback(options.port ?? 0, (request, response) =>
    api.respond(request, response),
  );
  return {
    address: server.address,
    url: server.url,
    faults,
    requests: log,
    setUsers: (next) => access.setUsers(next),
    setUnreachable: server.setUnreachable,
    addImage: (image) => storeImage(repositories, image),
    digestOf: (repository, tag) => repositories.get(repository)?.tags.get(tag),
    stop: server.stop,
  };
}

interface RegistryReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface RegistryRoute {
  readonly kind: 'ping' | 'catalog' | 'tags' | 'manifests' | 'blobs' | 'unknown';
  readonly repository: string | null;
  readonly reference: string;
}

class RegistryApi {
  constructor(
    readonly repositories: ReadonlyMap<string, Repository>,
    readonly access: RegistryAccess,
    readonly faults: RequestFaults,
    readonly log: RequestLog,
  ) {}

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    const route = parseRoute(url.pathname);
    const summary = summarise(request.method ?? 'GET', url, route);
    request.resume();
    response.once('close', () => {
      const userAgent = request.headers['user-agent'] ?? '';
      this.log.add({
        ...summary,
        status: response.headersSent ? response.statusCode : 0,
        userAgent,
      });
    });
    const fate = await this.faults.fateOf(summary);
    const { delayMs, failure } = this.faults.judge();
    if (delayMs > 0) await delay(delayMs);
    if (fate !== 'pass') {
      request.socket.destroy();
      return;
    }
    const reply =
      failure === undefined
        ? this.#replyTo(request, url, route)
        : failureReply(failure.status, failure.retryAfterSeconds);
    response.writeHead(reply.status, {
      'docker-distribution-api-version': 'registry/2.0',
      ...reply.headers,
      'content-length': reply.body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : reply.body);
  }

  #replyTo(request: IncomingMessage, url: URL, route: RegistryRoute): RegistryReply {
    const { authorization } = request.headers;
    if (url.pathname === '/token') return this.#token(authorization, url);
    if (route.kind === 'unknown') return errorReply(404, 'UNSUPPORTED', 'not a path of a registry');
    const realm = `${url.origin}/token`;
    const decision = this.access.decide(
      authorization,
      route.repository,
      route.kind === 'catalog',
      realm,
    );
    if (decision.decision === 'challenge') {
      const reply = errorReply(401, 'UNAUTHORIZED', 'authentication required', null);
      return { ...reply, headers: { ...reply.headers, 'www-authenticate': decision.header } };
    }
    if (decision.decision === 'denied') {
      return errorReply(403, 'DENIED', 'requested access to the resource is denied');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return errorReply(405, 'UNSUPPORTED', 'The operation is unsupported.');
    }
    return this.#read(url, route);
  }

  #token(authorization: string | undefined, url: URL): RegistryReply {
    // Several scopes come as several parameters or as one with spaces.
    const scopes = url.searchParams.getAll('scope').flatMap((scope) => scope.split(' '));
    const reply = this.access.issue(authorization, scopes);
    if (reply === undefined)
      return errorReply(401, 'UNAUTHORIZED', 'authentication required', null);
    return jsonReply(200, reply);
  }

  #read(url: URL, route: RegistryRoute): RegistryReply {
    if (route.kind === 'ping') return jsonReply(200, {});
    if (route.kind === 'catalog') {
      return page(url, [...this.repositories.keys()].toSorted(), (repositories) => ({
        repositories,
      }));
    }
    const name = route.repository ?? '';
    const repository = this.repositories.get(name);
    if (repository === undefined) {
      return errorReply(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name });
    }
    if (route.kind === 'tags')
      return page(url, [...repository.tags.keys()].toSorted(), (tags) => ({ name, tags }));
    return readContent(repository, route);
  }
}

function readContent(repository: Repository, { kind, reference }: RegistryRoute): RegistryReply {
  const isManifest = kind === 'manifests';
  const digest = isManifest ? (repository.tags.get(reference) ?? reference) : reference;
  const found = (isManifest ? repository.manifests : repository.blobs).get(digest);
  if (found === undefined) {
    return isManifest
      ? errorReply(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { Tag: reference })
      : errorReply(404, 'BLOB_UNKNOWN', 'blob unknown to registry', reference);
  }
  const type = isManifest ? found.mediaType : 'application/octet-stream';
  const headers = {
    'content-type': type,
    'docker-content-digest': digestOf(found.bytes),
    etag: `"${digest}"`,
  };
  return { status: 200, headers, body: found.bytes };
}

/** `n` and `last` as in the specification, the rest by a Link header. */
function page(
  url: URL,
  all: readonly string[],
  wrap: (part: readonly string[]) => unknown,
): RegistryReply {
  const last = url.searchParams.get('last') ?? '';
  const size = Number(url.searchParams.get('n') ?? 100);
  const rest = all.filter((entry) => entry > last);
  const part = rest.slice(0, size);
  const reply = jsonReply(200, wrap(part));
  const final = part.at(-1);
  if (rest.length <= size || final === undefined) return reply;
  const link = `<${url.pathname}?last=${encodeURIComponent(final)}&n=${size}>; rel="next"`;
  return { ...reply, headers: { ...reply.headers, link } };
}

function parseRoute(pathname: string): RegistryRoute {
  if (pathname === '/v2/' || pathname === '/v2')
    return { kind: 'ping', repository: null, reference: '' };
  if (pathname === '/v2/_catalog') return { kind: 'catalog', repository: null, reference: '' };
  const match = /^\/v2\/(.+)\/(tags|manifests|blobs)\/([^/]+)$/.exec(pathname);
  if (match === null) return { kind: 'unknown', repository: null, reference: '' };
  const [, repository = '', kind, reference = ''] = match;
  if (kind === 'tags')
    return { kind: reference === 'list' ? 'tags' : 'unknown', repository, reference };
  return { kind: kind === 'manifests' ? 'manifests' : 'blobs', repository, reference };
}

function summarise(method: string, url: URL, route: RegistryRoute): RequestSummary {
  const path = `${url.pathname}${url.search}`;
  const name = route.reference;
  return { method, path, verb: '', resource: route.kind, namespace: route.repository ?? '', name };
}

function jsonReply(status: number, body: unknown): RegistryReply {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers, body: Buffer.from(`${JSON.stringify(body)}\n`) };
}

function errorReply(
  status: number,
  code: string,
  message: string,
  detail?: unknown,
): RegistryReply {
  return jsonReply(status, {
    errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }],
  });
}

function failureReply(status: number, retryAfterSeconds: number | undefined): RegistryReply {
  const reply = errorReply(
    status,
    status === 429 ? 'TOOMANYREQUESTS' : 'UNKNOWN',
    'simulated failure',
  );
  if (retryAfterSeconds === undefined) return reply;
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfterSeconds) } };
}
