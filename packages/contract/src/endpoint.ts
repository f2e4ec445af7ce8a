/**
 * One definition per route: what it takes, what it answers, who may call it and
 * which problems it can name. The API routes and validates with it, tests check
 * replies with it, the client and the OpenAPI document are made from it.
 */
import type { z } from 'zod';
import type { Permission } from './permissions.js';
import type { ProblemCode } from './problems.js';

/**
 * Who may call an endpoint: everybody, any signed-in user, or who holds a permission:
 * in the environment named by `:env` in the path, else in the installation.
 */
export type Access = 'public' | 'signed-in' | Permission;

export interface EndpointSpec {
  /** operationId in OpenAPI and the client's method name, e.g. `listRegistries` */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** below `/api/v1`, parameters as `:name` */
  readonly path: `/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  readonly status: 200 | 201 | 202 | 204;
  /** path parameters that are not plain: a parameter that ends in `Id` is a UUID unless named here */
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  /** what the handler writes itself, by media type; instead of `reply` */
  readonly media?: Readonly<Record<string, z.ZodType>>;
  /** the reply holds a secret that is shown once: it is never kept for an Idempotency-Key */
  readonly secretReply?: true;
  readonly problems: readonly ProblemCode[];
}

/** Returns the definition with its exact type, so that inputs and replies are inferred. */
export function defineEndpoint<const E extends EndpointSpec>(spec: E): E {
  return spec;
}
