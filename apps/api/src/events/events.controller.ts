import type { ServerResponse } from 'node:http';
import { EVENT_TOPICS, type EventTopic, endpoints } from '@moorage/contract';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, CurrentActor } from '../auth/actor.js';
import { Endpoint, type InputOf } from '../http/endpoint.decorator.js';
import { Input } from '../http/input.decorator.js';
import { Problem } from '../http/problem.js';
import { EventStream } from './event-stream.js';
import { EventsService } from './events.service.js';

@Controller()
export class EventsController {
  constructor(private readonly service: EventsService) {}

  @Endpoint(endpoints.streamEvents)
  async stream(
    @CurrentActor() actor: Actor,
    @Input() { query }: InputOf<typeof endpoints.streamEvents>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const topics = parseTopics(query.topics);
    const closed = whenClosed(reply.raw);
    const sight = await this.service.prepare(actor);
    reply.hijack();
    const stream = new EventStream(reply.raw);
    stream.open({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    const lastEventId = request.headers['last-event-id'];
    const end = await this.service.run(
      { actor, stream, topics, sight },
      typeof lastEventId === 'string' ? lastEventId : undefined,
    );
    await closed;
    end();
  }
}

/** A reader may have left while its session was looked up; its 'close' does not come again. */
function whenClosed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once('close', resolve);
  });
}

/** Comma-separated; absent = all. */
function parseTopics(text: string | undefined): ReadonlySet<EventTopic> | null {
  if (text === undefined || text === '') return null;
  const topics = text.split(',').map((part) => EVENT_TOPICS.find((topic) => topic === part.trim()));
  const known = topics.filter((topic) => topic !== undefined);
  if (known.length < topics.length) {
    throw new Problem('request.invalid', undefined, {
      errors: [
        {
          pointer: 'topics',
          code: 'unknown-topic',
          detail: `Topics are ${EVENT_TOPICS.join(', ')}`,
        },
      ],
    });
  }
  return new Set(known);
}
