/**
 * Who is calling, and the environment that was proven for them. Both are minted by `AccessGuard`
 * alone and passed on as arguments.
 */
import type { MemberRole, Permission, UserRole } from '@moorage/contract';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuditActor } from '../audit/audit-log.js';

export interface Actor extends AuditActor {
  /** 'system' = one of our own jobs (`SystemAccess`), never a request */
  readonly kind: 'user' | 'api-key' | 'system';
  /** the user; for an API key its owner, whose role bounds it */
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: UserRole;
  readonly sessionId: string | null;
  readonly keyId: string | null;
  /** null = no API key, so no narrowing */
  readonly keyPermissions: ReadonlySet<Permission> | null;
  readonly keyEnvironmentId: string | null;
}

declare const proven: unique symbol;

/**
 * An environment that this actor may know of. Tenant-scoped repository methods ask for it, so that
 * no id from a request can reach a statement unproven. The brand can only be made by the guard.
 */
export interface EnvironmentScope {
  readonly [proven]: true;
  readonly environmentId: string;
  readonly name: string;
  readonly displayName: string;
  readonly simulated: boolean;
  readonly state: 'active' | 'removing';
  /** 'admin' = an administrator of the installation, member or not */
  readonly role: MemberRole | 'admin';
  readonly permissions: ReadonlySet<Permission>;
}

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
    scope?: EnvironmentScope;
  }
}

/** The signed-in caller. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<FastifyRequest>();
  if (actor === undefined) throw new Error('@CurrentActor() on a public endpoint');
  return actor;
});

/** The environment named by `:env`, proven for this caller. */
export const Scope = createParamDecorator(
  (_: unknown, context: ExecutionContext): EnvironmentScope => {
    const { scope } = context.switchToHttp().getRequest<FastifyRequest>();
    if (scope === undefined) throw new Error('@Scope() on an endpoint without :env');
    return scope;
  },
);
