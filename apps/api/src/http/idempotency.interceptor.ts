/**
 * `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header): the first request runs,
 * a repeated one gets the first one's reply. Refusals are not kept, so they can be tried again. A
 * process that dies between the change and keeping its reply leaves the key "running" for a day:
 * the caller gets 409 and looks for itself; nothing is ever done twice. Replies that hold a secret
 * (`secretReply`) are not kept: a repetition says that the first one succeeded.
 * The request is remembered as a keyed hash, because it may hold a password.
 */

import type { EndpointSpec } from '@moorage/contract';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, concatMap, from, type Observable, throwError } from 'rxjs';
import { Fingerprints } from '../sealing/fingerprint.js';
import { endpointOf } from './endpoint.decorator.js';
import { IdempotencyRepository, type KeptReply } from './idempotency.repository.js';
import { Problem } from './problem.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly repository: IdempotencyRepository,
    private readonly fingerprints: Fingerprints,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    const endpoint = endpointOf(context.getHandler());
    const actorId = request.actor?.id ?? null;
    if (typeof key !== 'string' || actorId === null || endpoint?.method !== 'POST')
      return next.handle();
    if (!KEY.test(key))
      throw new Problem('request.invalid', undefined, {
        errors: [
          {
            pointer: 'Idempotency-Key',
            code: 'invalid-format',
            detail: '1 to 255 printable ASCII characters',
          },
        ],
      });
    const requestHash = this.fingerprints.fingerprint(
      JSON.stringify([request.method, request.url, request.body ?? null]),
    );
    const reply = http.getResponse<FastifyReply>();
    return from(this.repository.claim(actorId, key, requestHash)).pipe(
      concatMap((first) =>
        first
          ? this.#run(endpoint, { actorId, key }, next)
          : from(this.#replay({ actorId, key, requestHash }, reply)),
      ),
    );
  }

  #run(
    endpoint: EndpointSpec,
    { actorId, key }: { actorId: string; key: string },
    next: CallHandler,
  ): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) =>
        from(this.repository.release(actorId, key).catch(() => undefined)).pipe(
          concatMap(() => throwError(() => error)),
        ),
      ),
      concatMap(async (value: unknown) => {
        const kept = endpoint.secretReply === true ? { secret: true } : value;
        // The change is made: its caller is told, and a repetition finds the key "running".
        await this.repository.keep(actorId, key, endpoint.status, kept).catch(() => undefined);
        return value;
      }),
    );
  }

  async #replay(
    { actorId, key, requestHash }: { actorId: string; key: string; requestHash: Buffer },
    reply: FastifyReply,
  ): Promise<unknown> {
    const kept: KeptReply | undefined = await this.repository.find(actorId, key);
    if (kept === undefined || kept.status === null)
      throw new Problem('request.idempotency-in-progress');
    if (!kept.requestHash.equals(requestHash)) throw new Problem('request.idempotency-mismatch');
    if (isSecretReply(kept.reply)) throw new Problem('request.idempotency-secret');
    void reply.header('idempotent-replayed', 'true');
    return kept.reply ?? undefined;
  }
}

function isSecretReply(reply: unknown): boolean {
  return typeof reply === 'object' && reply !== null && 'secret' in reply && reply.secret === true;
}
