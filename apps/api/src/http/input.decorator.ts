import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { endpointOf } from './endpoint.decorator.js';
import { Problem } from './problem.js';
import { parseInput } from './validation.js';

/** The request's path parameters, query and body as the endpoint declares them. Type: `InputOf<typeof endpoints.x>`. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const endpoint = endpointOf(context.getHandler());
  if (endpoint === undefined) throw new Error('@Input() needs @Endpoint()');
  const request = context
    .switchToHttp()
    .getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
  return parseInput(endpoint, { params: request.params, query: request.query, body: request.body });
});

/** The version that the caller last saw (`If-Match: "3"`), or undefined when any will do. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): number | undefined => {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
    if (header === undefined || header === '*') return undefined;
    const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim())?.[1];
    if (version === undefined)
      throw new Problem('object.stale', 'If-Match does not name a version of this resource.');
    return Number(version);
  },
);
