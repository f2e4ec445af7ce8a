import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id } from './page.js';

export const EVENT_TOPICS = [
  'environments',
  'members',
  'settings',
  'registries',
  'credentials',
  'clusters',
  'targets',
  'mirrors',
  'users',
  'api-keys',
] as const;
export type EventTopic = (typeof EVENT_TOPICS)[number];

/** The `data:` of one server-sent event; a hint what to read again, never the thing itself. */
export const ChangeEvent = z
  .object({
    topic: z.enum(EVENT_TOPICS),
    kind: z.enum(['created', 'updated', 'deleted']),
    environmentId: Id.nullable(),
    clusterId: Id.nullable(),
    id: Id,
    version: z.number().int().nullable(),
  })
  .meta({ id: 'ChangeEvent' });
export type ChangeEvent = z.infer<typeof ChangeEvent>;

export const eventEndpoints = {
  streamEvents: defineEndpoint({
    id: 'streamEvents',
    method: 'GET',
    path: '/events',
    tag: 'Events',
    access: 'signed-in',
    status: 200,
    summary:
      'text/event-stream of changes that I may see. `id` resumes by Last-Event-ID; event `reset` = too old, read all again; a comment every 15 s',
    query: z.strictObject({ topics: z.string().max(500).optional() }),
    problems: ['request.invalid'],
  }),
};
