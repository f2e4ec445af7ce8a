import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';

const Rewrite = z.strictObject({
  pattern: z.string().min(1).max(1000),
  replacement: z.string().max(1000),
});
export const MirrorWrite = z
  .strictObject({
    registry: z
      .string()
      .min(1)
      .max(260)
      .meta({ description: 'host[:port], or * for every registry' }),
    endpoints: z.array(z.string().min(1).max(2048)).max(50).default([]),
    rewrites: z.array(Rewrite).max(100).default([]),
  })
  .meta({ id: 'MirrorWrite' });
export const MirrorUpdate = z
  .strictObject({
    endpoints: z.array(z.string().min(1).max(2048)).max(50).optional(),
    rewrites: z.array(Rewrite).max(100).optional(),
    position: z.number().int().min(0).max(100_000).optional(),
  })
  .meta({ id: 'MirrorUpdate' });
export const Mirror = z
  .object({
    id: Id,
    registry: z.string(),
    position: z.number().int(),
    endpoints: z.array(z.string()),
    rewrites: z.array(z.object({ pattern: z.string(), replacement: z.string() })),
    createdAt: Time,
    version: z.number().int(),
  })
  .meta({ id: 'Mirror' });
export type Mirror = z.infer<typeof Mirror>;

const ENV = '/environments/:env/mirrors';
const READ = { tag: 'Mirrors', access: 'registries:read' } as const;
const WRITE = { tag: 'Mirrors', access: 'registries:write' } as const;
export const mirrorEndpoints = {
  listMirrors: defineEndpoint({
    ...READ,
    id: 'listMirrors',
    method: 'GET',
    path: ENV,
    status: 200,
    summary: 'List mirrors, in order',
    query: listQuery(['position', 'registry'], {}),
    reply: pageOf(Mirror),
    problems: ['request.invalid'],
  }),
  createMirror: defineEndpoint({
    ...WRITE,
    id: 'createMirror',
    method: 'POST',
    path: ENV,
    status: 201,
    summary: 'Add a mirror',
    body: MirrorWrite,
    reply: Mirror,
    problems: ['request.invalid', 'mirror.invalid', 'mirror.exists', 'environment.removing'],
  }),
  getMirror: defineEndpoint({
    ...READ,
    id: 'getMirror',
    method: 'GET',
    path: `${ENV}/:mirrorId`,
    status: 200,
    summary: 'One mirror',
    reply: Mirror,
    problems: ['request.invalid'],
  }),
  updateMirror: defineEndpoint({
    ...WRITE,
    id: 'updateMirror',
    method: 'PATCH',
    path: `${ENV}/:mirrorId`,
    status: 200,
    summary: 'Change a mirror',
    body: MirrorUpdate,
    reply: Mirror,
    problems: ['request.invalid', 'mirror.invalid', 'object.stale'],
  }),
  deleteMirror: defineEndpoint({
    ...WRITE,
    id: 'deleteMirror',
    method: 'DELETE',
    path: `${ENV}/:mirrorId`,
    status: 204,
    summary: 'Delete a mirror',
    problems: ['request.invalid', 'object.stale'],
  }),
};
