/**
 * The Fastify server under Nest: what it accepts, what it says when a request never reaches a route,
 * and the headers of every reply.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../config/log.js';
import { Problem } from './problem.js';
import { renderProblem } from './problem-document.js';

/** A kubeconfig of 1 MiB (the contract's bound) with every character escaped, and room beside it. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000; // from the first byte to the last: ends slow senders
const KEEP_ALIVE_MS = 72_000; // longer than common proxies' 60 s, so that they close first
const MAX_PARAM_LENGTH = 2048;
const REQUEST_ID = /^[\w.-]{1,64}$/;

export function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    trustProxy: false,
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(error, request, reply);
    },
    clientErrorHandler: (_error: Error, socket: Socket) => {
      // Not even HTTP: there is no request and no id to answer with.
      if (socket.writable) socket.end(MALFORMED);
      else socket.destroy();
    },
  });
}

const MALFORMED_BODY = JSON.stringify(
  renderProblem(new Problem('request.malformed'), '-').document,
);
const MALFORMED = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(MALFORMED_BODY)}\r\nConnection: close\r\n\r\n${MALFORMED_BODY}`;

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const rendered = renderProblem(error, request.id);
  void reply
    .code(rendered.status)
    .headers(rendered.headers)
    .send(JSON.stringify(rendered.document));
}

/** Parsers, headers and the request log. Call before `app.init()`. */
export function configureServer(app: NestFastifyApplication, log: Log): FastifyInstance {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance; // Nest types it by its own copy of the options
  // JSON only: a form or text/plain body is what a foreign page can send without asking.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    server.getDefaultJsonParser('error', 'error'),
  );
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(HEADERS).header('x-request-id', request.id);
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, not its URL: paths and queries can hold one-time secrets.
    const { method, id: requestId, routeOptions, actor } = request;
    log.info(
      {
        requestId,
        method,
        route: routeOptions.url ?? null,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        actorId: actor?.id ?? null,
      },
      'request',
    );
    done();
  });
  return server;
}

/** OWASP secure headers for a JSON API; pages get their own Content-Security-Policy. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;
