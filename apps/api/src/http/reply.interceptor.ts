/**
 * The last gate of a reply: only fields of the endpoint's reply schema leave, a reply that does not
 * fit is a defect (500), and a resource with a version carries it as its ETag.
 */
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { endpointOf } from './endpoint.decorator.js';

export class ReplyMismatch extends Error {
  override readonly name = 'ReplyMismatch';
}

@Injectable()
export class ReplyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const endpoint = endpointOf(context.getHandler());
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((value: unknown) => {
        if (endpoint?.reply === undefined) return undefined;
        const parsed = endpoint.reply.safeParse(value, { reportInput: false });
        if (!parsed.success) {
          const places = parsed.error.issues.map(
            (issue) => `${issue.path.map(String).join('.')} ${issue.code}`,
          );
          throw new ReplyMismatch(
            `Reply of ${endpoint.id} does not fit its schema: ${places.slice(0, 5).join(', ')}`,
          );
        }
        const version = versionOf(parsed.data);
        if (version !== undefined) void reply.header('etag', `"${version}"`);
        return parsed.data;
      }),
    );
  }
}

function versionOf(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null || !('version' in data)) return undefined;
  return typeof data.version === 'number' ? data.version : undefined;
}
