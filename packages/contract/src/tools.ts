import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';

/** The checker reads up to 512 KiB (`documentMaxBytes` in core); a little more gets its own answer. */
const Document = z.string().max(1_048_576);
const Tls = z
  .object({
    caFile: z.string().optional(),
    certFile: z.string().optional(),
    keyFile: z.string().optional(),
    insecureSkipVerify: z.boolean().optional(),
  })
  .nullable();
const Auth = z.object({
  username: z.string().optional(),
  kinds: z.array(z.enum(['password', 'auth', 'identity_token'])),
});
const Endpoint = z.object({
  url: z.string().nullable(),
  overridePath: z.boolean(),
  rewrites: z.record(z.string(), z.string()),
  tls: Tls,
  auth: Auth.nullable(),
});

export const RegistriesYamlCheck = z
  .strictObject({
    document: Document,
    distribution: z.enum(['k3s', 'rke2']),
    version: z.string().max(100).optional(),
    disableDefaultEndpoint: z.boolean().optional(),
    embeddedRegistry: z.string().max(300).optional(),
  })
  .meta({ id: 'RegistriesYamlCheck' });
export const RegistriesYamlReport = z
  .object({
    valid: z.boolean(),
    diagnostics: z.array(
      z.object({
        severity: z.enum(['error', 'warning', 'info']),
        code: z.string(),
        path: z.string(),
        line: z.number().int(),
        column: z.number().int(),
        message: z.string(),
        suggestion: z.string().nullable(),
        /** what the sentence names, for one in another language */
        parameters: z.record(z.string(), z.string()),
      }),
    ),
    hosts: z.record(
      z.string(),
      z.object({
        default: Endpoint.nullable(),
        endpoints: z.array(Endpoint),
        hostsToml: z.string(),
      }),
    ),
    containerdAuth: z.record(z.string(), Auth),
  })
  .meta({ id: 'RegistriesYamlReport' });
export type RegistriesYamlReport = z.infer<typeof RegistriesYamlReport>;

export const PullPlanQuestion = z
  .strictObject({
    image: z.string().max(4096),
    engine: z.enum(['k3s-containerd', 'containerd', 'rke2-bootstrap']),
    registriesYaml: Document.optional(),
    disableDefaultEndpoint: z.boolean().optional(),
    embeddedRegistry: z.string().max(300).optional(),
    pullSecrets: z.array(z.unknown()).max(20).optional().meta({
      description: 'dockerconfigjson: as an object, as text, or base64 of it; never shown',
    }),
  })
  .meta({ id: 'PullPlanQuestion' });
export const PullPlan = z
  .object({
    reference: z.string(),
    directory: z.string().nullable(),
    attempts: z.array(
      z.object({
        method: z.string(),
        url: z.string(),
        endpoint: z.string(),
        image: z.string(),
        isDefault: z.boolean(),
        tls: Tls,
        credential: z.object({ from: z.string(), username: z.string().optional() }).nullable(),
      }),
    ),
    warnings: z.array(
      z.object({
        code: z.string(),
        message: z.string(),
        /** what the sentence names, for one in another language */
        parameters: z.record(z.string(), z.string()),
      }),
    ),
  })
  .meta({ id: 'PullPlan' });
export type PullPlan = z.infer<typeof PullPlan>;

export const RewriteQuestion = z
  .strictObject({
    pattern: z.string().max(4096),
    replacement: z.string().max(4096),
    repository: z.string().max(4096),
  })
  .meta({ id: 'RewriteQuestion' });
export const RewriteOutcome = z
  .object({
    result: z.string(),
    changed: z.boolean(),
    compiles: z.boolean(),
    toml: z.object({ parses: z.boolean(), patternSeen: z.string().nullable() }),
  })
  .meta({ id: 'RewriteOutcome' });

export const ImageQuestion = z
  .strictObject({ image: z.string().max(4096) })
  .meta({ id: 'ImageQuestion' });
export const ImageReferenceParts = z
  .object({
    registry: z.string(),
    repository: z.string(),
    tag: z.string().nullable(),
    digest: z.string().nullable(),
    normalized: z.string(),
    familiar: z.string(),
  })
  .meta({ id: 'ImageReferenceParts' });

export const DockerConfigMatchQuestion = z
  .strictObject({ keys: z.array(z.string().max(4096)).max(10_000), image: z.string().max(4096) })
  .meta({ id: 'DockerConfigMatchQuestion' });
export const DockerConfigMatch = z
  .object({ matched: z.array(z.string()) })
  .meta({ id: 'DockerConfigMatch' });

/** `k3s-images.txt` and lists like it: one image a line. */
export const ImageListQuestion = z
  .strictObject({
    document: Document,
    target: z.string().max(1000).meta({
      description: 'registry or registry/path that the images are to be copied to',
    }),
  })
  .meta({ id: 'ImageListQuestion' });
export const ImageListPlan = z
  .object({
    images: z.array(z.object({ line: z.number().int(), source: z.string(), target: z.string() })),
    problems: z.array(
      z.object({ line: z.number().int(), text: z.string(), code: z.string(), detail: z.string() }),
    ),
    duplicates: z.number().int(),
    /** the mirror entries that let nodes find the copies */
    mirrors: z.array(
      z.object({
        registry: z.string(),
        endpoints: z.array(z.string()),
        rewrites: z.array(z.object({ pattern: z.string(), replacement: z.string() })),
      }),
    ),
    script: z.string().meta({ description: 'the copy, with skopeo; logins are not in it' }),
  })
  .meta({ id: 'ImageListPlan' });
export type ImageListPlan = z.infer<typeof ImageListPlan>;

const base = { tag: 'Tools', access: 'tools:use', method: 'POST', status: 200 } as const;
/** A large question is answered beside the others, within limits. */
const COSTLY = ['request.invalid', 'request.too-complex', 'server.busy'] as const;

export const toolEndpoints = {
  checkRegistriesYaml: defineEndpoint({
    ...base,
    id: 'checkRegistriesYaml',
    path: '/tools/registries-yaml/check',
    summary: 'What a registries.yaml does on a node, and what in it does not do what it seems to',
    body: RegistriesYamlCheck,
    reply: RegistriesYamlReport,
    problems: COSTLY,
  }),
  planPull: defineEndpoint({
    ...base,
    id: 'planPull',
    path: '/tools/pull-plan',
    summary: 'The first requests that a node makes for an image, in order, and the login of each',
    body: PullPlanQuestion,
    reply: PullPlan,
    problems: [...COSTLY, 'image.reference-invalid'],
  }),
  applyRewrite: defineEndpoint({
    ...base,
    id: 'applyRewrite',
    path: '/tools/rewrite',
    summary: 'What a rewrite makes of a repository name, as Go does it',
    body: RewriteQuestion,
    reply: RewriteOutcome,
    problems: COSTLY,
  }),
  parseImageReference: defineEndpoint({
    ...base,
    id: 'parseImageReference',
    path: '/tools/image-reference',
    summary: 'The parts of an image reference',
    body: ImageQuestion,
    reply: ImageReferenceParts,
    problems: ['request.invalid', 'image.reference-invalid'],
  }),
  planImageList: defineEndpoint({
    ...base,
    id: 'planImageList',
    path: '/tools/image-list',
    summary: 'A list of images, such as k3s-images.txt, prepared for mirroring',
    body: ImageListQuestion,
    reply: ImageListPlan,
    problems: COSTLY,
  }),
  matchDockerConfig: defineEndpoint({
    ...base,
    id: 'matchDockerConfig',
    path: '/tools/docker-config/match',
    summary: 'Which keys of a docker config serve an image, in the order of the kubelet',
    body: DockerConfigMatchQuestion,
    reply: DockerConfigMatch,
    problems: [...COSTLY, 'image.reference-invalid'],
  }),
};
