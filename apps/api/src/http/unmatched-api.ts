/**
 * `/api` and below, where no route took the request: 405 with `Allow` when another method would fit,
 * else 404. Registered so that the console's catch-all route never sees an API path.
 */
import { type EndpointSpec, endpoints } from '@moorage/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_PREFIX } from './api-prefix.js';
import { Problem } from './problem.js';
import { sendProblem } from './server.js';

export function refuseUnmatched(server: FastifyInstance): void {
  const routes = Object.values<EndpointSpec>(endpoints).map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^/${API_PREFIX}${path.replace(/:[A-Za-z]+/g, '[^/]+')}$`),
  }));
  const refuse = (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ''] = request.url.split('?');
    const allowed = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (allowed.length === 0) return sendProblem(new Problem('request.not-found'), request, reply);
    void reply.header('allow', allowed.join(', '));
    return sendProblem(new Problem('request.method-not-allowed'), request, reply);
  };
  for (const url of ['/api', '/api/*']) server.all(url, refuse);
}
