/**
 * The fields of a kubeconfig that are known, accepted or not. Unknown ones are ignored, as
 * client-go does: tools write their own (`extensions`, `preferences`). What must be refused is
 * therefore named, so that it is seen.
 */
import { z } from 'zod';

const text = z.string().max(1_048_576);
const name = z.union([z.string().max(512), z.number().transform(String)]);

export const clusterSchema = z.object({
  server: text.optional(),
  'certificate-authority': text.min(1).optional(),
  'certificate-authority-data': text.optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().min(1).max(253).optional(),
  'proxy-url': text.min(1).optional(),
});

export const userSchema = z.object({
  token: text.optional(),
  tokenFile: text.optional(),
  'client-certificate': text.optional(),
  'client-certificate-data': text.optional(),
  'client-key': text.optional(),
  'client-key-data': text.optional(),
  username: text.optional(),
  password: text.optional(),
  // Present in whatever shape is enough to refuse them.
  exec: z.unknown().optional(),
  'auth-provider': z.unknown().optional(),
  as: z.unknown().optional(),
  'as-uid': z.unknown().optional(),
  'as-groups': z.unknown().optional(),
  'as-user-extra': z.unknown().optional(),
});

export const kubeconfigSchema = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  'current-context': name.nullish().transform((value) => value ?? undefined),
  clusters: z.array(z.object({ name, cluster: clusterSchema })),
  users: z
    .array(z.object({ name, user: userSchema.nullish().transform((user) => user ?? {}) }))
    .nullish()
    .transform((users) => users ?? []),
  contexts: z
    .array(
      z.object({
        name,
        context: z.object({
          cluster: name,
          user: name.default(''),
          namespace: z.string().max(253).optional(),
        }),
      }),
    )
    .nullish()
    .transform((contexts) => contexts ?? []),
});

export type KubeconfigDocument = z.infer<typeof kubeconfigSchema>;
export type KubeconfigCluster = z.infer<typeof clusterSchema>;
export type KubeconfigUser = Partial<z.infer<typeof userSchema>>;
