/**
 * A server for tests that answers as a test tells it to, over HTTP/1.1 (plain or TLS) or HTTP/2.
 * It knows nothing of Kubernetes: `packages/sandbox` is the conforming stand-in.
 */
import { createServer as createHttp } from 'node:http';
import {
  createSecureServer as createHttp2,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { SecretText } from '@moorage/core';
import type { ClusterAccess } from '../src/cluster-access.js';
import { KubeClient, type KubeClientOptions } from '../src/index.js';
import { issueCertificate } from './certificates.js';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The part of a reply that HTTP/1.1 and HTTP/2 share. */
export interface Replier {
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(text: string): unknown;
  end(text?: string): unknown;
  destroy(): void;
  onClose(callback: () => void): void;
}

export type Answer = (request: SeenRequest, reply: Replier, index: number) => void;

export interface ApiServer {
  readonly url: string;
  readonly requests: SeenRequest[];
  readonly access: ClusterAccess;
  answer: Answer;
  connectionsOpened(): number;
  /** Cuts every connection, as a crashed server would. */
  reset(): void;
  client(options?: Partial<KubeClientOptions>): KubeClient;
  close(): Promise<void>;
}

export const testAuthority = issueCertificate({ name: 'test-ca', isAuthority: true });
const certificate = issueCertificate(
  { name: 'api', names: ['127.0.0.1', 'api.test'] },
  testAuthority,
);
export const testToken = 'marker-token-1b9c';

export interface ServerOptions {
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly clientAuthority?: string;
}

export async function startApiServer(
  protocol: 'http' | 'https' | 'h2',
  answer: Answer,
  options: ServerOptions = {},
): Promise<ApiServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const clients: KubeClient[] = [];
  let opened = 0;
  const tls = options.tls ?? certificate;
  const secure = {
    cert: tls.certificate,
    key: tls.key,
    ...(options.clientAuthority === undefined
      ? {}
      : { ca: options.clientAuthority, requestCert: true, rejectUnauthorized: true }),
  };
  const state = { answer };
  const listener = (request: Http2ServerRequest, response: Http2ServerResponse) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('error', () => {});
    request.on('end', () => {
      const url = new URL(request.url, 'http://x');
      const seen = {
        method: request.method,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
      };
      requests.push(seen);
      state.answer(seen, replier(response), requests.length - 1);
    });
  };
  // The compatibility API of http2 has the members that are used here.
  const http1Listener = listener as unknown as Parameters<typeof createHttp>[1];
  const server: Server =
    protocol === 'http'
      ? createHttp(http1Listener)
      : protocol === 'https'
        ? createHttps(secure, http1Listener)
        : createHttp2(secure, listener);
  server.on(protocol === 'http' ? 'connection' : 'secureConnection', (socket: Socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${protocol === 'http' ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access: ClusterAccess = {
    server: url,
    caCertificate: protocol === 'http' ? null : testAuthority.certificate,
    tlsServerName: null,
    insecureSkipVerify: false,
    auth: { kind: 'token', token: SecretText.of(testToken) },
  };
  return {
    url,
    requests,
    access,
    get answer() {
      return state.answer;
    },
    set answer(next) {
      state.answer = next;
    },
    connectionsOpened: () => opened,
    reset: () => {
      for (const socket of sockets) socket.destroy();
    },
    client: (given = {}) => {
      const client = new KubeClient(access, {
        userAgent: 'moorage/0.1.0 (test)',
        dialPolicy: null,
        ...given,
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function replier(response: Http2ServerResponse): Replier {
  return {
    writeHead: (status, headers) => response.writeHead(status, headers),
    write: (text) => response.write(text),
    end: (text) => (text === undefined ? response.end() : response.end(text)),
    destroy: () => {
      if ('stream' in response && response.stream !== undefined) response.stream.destroy();
      else response.destroy();
    },
    onClose: (callback) => {
      response.on('close', callback);
    },
  };
}

export function json(
  reply: Replier,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  reply.writeHead(status, { 'content-type': 'application/json', ...headers });
  reply.end(JSON.stringify(body));
}

export function statusReply(
  reply: Replier,
  code: number,
  reason: string,
  more: {
    readonly message?: string;
    readonly details?: object;
    readonly headers?: Record<string, string>;
  } = {},
): void {
  const { message = `${reason} happened`, details, headers } = more;
  json(
    reply,
    code,
    {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      reason,
      code,
      ...(details === undefined ? {} : { details }),
    },
    headers,
  );
}
