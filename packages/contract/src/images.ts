/** Questions about one image in one environment. */
import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id } from './page.js';

export const ImageResolveQuestion = z
  .strictObject({ image: z.string().min(1).max(4096), clusterId: Id.optional() })
  .meta({ id: 'ImageResolveQuestion' });
export const ImageResolution = z
  .object({
    image: z.string().meta({ description: 'what would run' }),
    rewrittenFrom: z.string().optional(),
    allowed: z.boolean(),
    enforced: z.boolean().meta({ description: 'a cluster in which it is in force refuses it' }),
    reason: z.string(),
    rule: z
      .object({
        kind: z.enum([
          'no-whitelist',
          'default-registry',
          'whitelist-entry',
          'not-listed',
          'not-an-image-name',
        ]),
        entry: z.string().optional(),
        code: z.string().optional(),
      })
      .optional(),
    credential: z
      .object({ id: Id, registryId: Id, username: z.string(), scope: z.string() })
      .optional(),
    pullSecret: z.string().optional().meta({ description: 'name of the Secret that serves it' }),
    clusters: z.array(
      z.object({
        clusterId: Id,
        clusterName: z.string(),
        simulated: z.boolean(),
        image: z.string(),
        outcome: z.enum(['runs', 'warns', 'refused']),
        enforced: z.boolean(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'ImageResolution' });
export type ImageResolution = z.infer<typeof ImageResolution>;

export const imageEndpoints = {
  resolveImage: defineEndpoint({
    id: 'resolveImage',
    method: 'POST',
    path: '/environments/:env/images/resolve',
    tag: 'Images',
    access: 'images:use',
    status: 200,
    summary: 'Under which name an image would run, whether it may, and by which rule',
    body: ImageResolveQuestion,
    reply: ImageResolution,
    problems: ['request.invalid'],
  }),
};
