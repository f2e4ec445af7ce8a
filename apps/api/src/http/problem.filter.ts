import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOG, type Log } from '../config/log.js';
import { renderProblem } from './problem-document.js';

/** Everything thrown below a route leaves here as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    const rendered = renderProblem(error, request.id);
    if (rendered.defect) this.log.error({ err: error, requestId: request.id }, 'request failed');
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy(); // a stream that had begun: the only honest end left
      return;
    }
    void reply
      .code(rendered.status)
      .headers(rendered.headers)
      .send(JSON.stringify(rendered.document));
  }
}
