/**
 * Runs before every handler and denies by default: a route without an endpoint definition is
 * refused. Decides by the handler's metadata, so no spelling of a path gets around it.
 */
import type { EndpointSpec } from '@moorage/contract';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { endpointOf } from '../http/endpoint.decorator.js';
import { notFound, Problem } from '../http/problem.js';
import { decideAccess, environmentPermissions } from './access-decision.js';
import type { Actor, EnvironmentScope } from './actor.js';
import { AuthRepository } from './auth.repository.js';
import { Authentication } from './authentication.js';

type Request = FastifyRequest<{ Params: Readonly<Record<string, string | undefined>> }>;

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authentication: Authentication,
    private readonly repository: AuthRepository,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const endpoint = endpointOf(context.getHandler());
    if (endpoint === undefined) throw new Problem('request.not-found');
    if (endpoint.access === 'public') {
      this.authentication.refuseCrossSite(request);
      return true;
    }
    const actor = await this.authentication.identify(request);
    const environment = await this.#resolveEnvironment(endpoint, request, actor);
    const refusal = decideAccess(
      endpoint.access,
      actor,
      environment === undefined ? undefined : (environment?.permissions ?? null),
    );
    if (refusal !== null) throw refusal === 'object.not-found' ? notFound() : new Problem(refusal);
    if (actor !== undefined) request.actor = actor;
    if (environment) request.scope = environment;
    return true;
  }

  /** undefined: the path names none; null: missing, or not to be known by this caller. */
  async #resolveEnvironment(
    endpoint: EndpointSpec,
    request: Request,
    actor: Actor | undefined,
  ): Promise<EnvironmentScope | null | undefined> {
    if (actor === undefined || !/\/:env(\/|$)/.test(endpoint.path)) return undefined;
    const named = request.params['env'];
    const row =
      named === undefined ? undefined : await this.repository.findEnvironment(named, actor.userId);
    if (row === undefined) return null;
    const permissions = environmentPermissions(actor, row);
    if (permissions === null) return null;
    const { id, memberRole, ...environment } = row;
    const role = actor.role === 'admin' ? 'admin' : (memberRole ?? 'viewer');
    return { ...environment, environmentId: id, role, permissions } as EnvironmentScope; // the one place that mints the brand
  }
}
