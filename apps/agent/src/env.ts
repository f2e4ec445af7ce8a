/** The only reader of `process.env` in the agent; each wrong variable gives one sentence that names it. */
import { agentDistributions, hostRoot } from '@moorage/core';
import { z } from 'zod';

const Command = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON list of program and arguments' });
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string(), { message: 'must be a list of texts' }).min(1));

const Variables = z.object({
  MOORAGE_AGENT_NODE: z.string().min(1),
  MOORAGE_AGENT_DISTRIBUTION: z.enum(agentDistributions),
  MOORAGE_AGENT_RESTART: z.enum(['allowed', 'never']).default('never'),
  MOORAGE_AGENT_RESTART_COMMAND: Command.optional(),
  MOORAGE_AGENT_HEALTH_COMMAND: Command.optional(),
  MOORAGE_AGENT_HEALTH_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** A server with many images takes two minutes to come up; five leave room. */
  MOORAGE_AGENT_TIME_LIMIT_SECONDS: z.coerce.number().int().min(5).max(3600).default(300),
  /** How often the files are compared with what they shall be when nothing else happens. */
  MOORAGE_AGENT_INTERVAL_SECONDS: z.coerce.number().int().min(1).max(3600).default(30),
  MOORAGE_AGENT_DISABLE_DEFAULT_ENDPOINT: z.enum(['true', 'false']).default('false'),
  MOORAGE_AGENT_EMBEDDED_REGISTRY: z.string().min(1).max(300).optional(),
  MOORAGE_AGENT_HOST_ROOT: z.string().startsWith('/').default(hostRoot),
  MOORAGE_AGENT_RUN_DIR: z.string().startsWith('/').default('/run/moorage-agent'),
  MOORAGE_AGENT_ACCOUNT_DIR: z
    .string()
    .startsWith('/')
    .default('/var/run/secrets/kubernetes.io/serviceaccount'),
  KUBERNETES_SERVICE_HOST: z.string().min(1),
  KUBERNETES_SERVICE_PORT: z.coerce.number().int().min(1).max(65_535).default(443),
});

export type Settings = Readonly<z.infer<typeof Variables>>;

/** The settings, or one sentence for each variable that is wrong. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): { readonly settings: Settings } | { readonly problems: readonly string[] } {
  const parsed = Variables.safeParse(environment);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    };
  }
  const { MOORAGE_AGENT_RESTART, MOORAGE_AGENT_RESTART_COMMAND } = parsed.data;
  if (MOORAGE_AGENT_RESTART === 'allowed' && MOORAGE_AGENT_RESTART_COMMAND === undefined) {
    return { problems: ['MOORAGE_AGENT_RESTART_COMMAND: needed to restart anything'] };
  }
  return { settings: parsed.data };
}
