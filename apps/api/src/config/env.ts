/**
 * The only reader of `process.env` in the API. Every variable of the server is parsed here once;
 * each wrong one gives one sentence that names it. Secrets leave as `SecretText`.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SecretText } from '@moorage/core';
import { z } from 'zod';

const MASTER_KEY_BYTES = 32; // AES-256

const masterKey = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === MASTER_KEY_BYTES, {
    message: `must be ${MASTER_KEY_BYTES} bytes in base64 (make one with: openssl rand -base64 32)`,
  })
  .transform(SecretText.of);

const onOff = z.enum(['on', 'off'], { message: 'must be on or off' });

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** IPv4 or IPv6 with a prefix length; the dialler parses them again with its own rules. */
const cidr = z.union([z.cidrv4(), z.cidrv6()], {
  message: 'must be comma-separated networks such as 127.0.0.0/8',
});

const Variables = z.object({
  PORT: z.coerce
    .number({ message: 'must be a number from 0 to 65535' })
    .int('must be a number from 0 to 65535')
    .min(0, 'must be a number from 0 to 65535')
    .max(65_535, 'must be a number from 0 to 65535')
    .default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  MOORAGE_DATA_DIR: z.string().min(1).default('.moorage'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional(),
  MOORAGE_MASTER_KEY: masterKey.optional(),
  MOORAGE_MASTER_KEY_PREVIOUS: masterKey.optional(),
  MOORAGE_ADMIN_PASSWORD: z
    .string()
    .min(8, 'must have at least 8 characters')
    .max(1024, 'must have at most 1024 characters')
    .transform(SecretText.of)
    .optional(),
  MOORAGE_DEMO: onOff.optional(),
  MOORAGE_CONSOLE: onOff.default('on'),
  MOORAGE_ALLOWED_NETWORKS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(cidr))
    .default([]),
  MOORAGE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info'),
});

/** What the server was told by its environment. Injected by class. */
export class Env {
  constructor(
    readonly port: number,
    readonly host: string,
    readonly dataDir: string,
    /** undefined = the embedded Postgres; holds a password, so it travels as a secret */
    readonly databaseUrl: SecretText | undefined,
    readonly masterKey: SecretText | undefined,
    readonly masterKeyPrevious: SecretText | undefined,
    readonly adminPassword: SecretText | undefined,
    readonly demo: boolean,
    readonly console: boolean,
    readonly allowedNetworks: readonly string[],
    readonly publicUrl: string | undefined,
    readonly logLevel: (typeof LOG_LEVELS)[number],
  ) {}
}

/** One sentence per wrong variable; `message` holds them all. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

type Source = Readonly<Record<string, string | undefined>>;

/**
 * A relative data directory is one of the project's, wherever a command was typed: npm runs a
 * workspace's scripts in its folder, and they must all find the same database.
 */
const PROJECT_ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Reads the variables; an empty one counts as not set. Throws `EnvError`. */
export function readEnv(source: Source = process.env, directory: string = PROJECT_ROOT): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = Variables.safeParse(given);
  if (!parsed.success) throw new EnvError(describeIssues(parsed.error.issues));
  const vars = parsed.data;
  if (vars.DATABASE_URL !== undefined && vars.MOORAGE_MASTER_KEY === undefined) {
    throw new EnvError(
      'MOORAGE_MASTER_KEY is required with DATABASE_URL: give 32 bytes in base64 (make one with: openssl rand -base64 32).',
    );
  }
  return new Env(
    vars.PORT,
    vars.HOST,
    resolve(directory, vars.MOORAGE_DATA_DIR),
    vars.DATABASE_URL === undefined ? undefined : SecretText.of(vars.DATABASE_URL),
    vars.MOORAGE_MASTER_KEY,
    vars.MOORAGE_MASTER_KEY_PREVIOUS,
    vars.MOORAGE_ADMIN_PASSWORD,
    (vars.MOORAGE_DEMO ?? (vars.DATABASE_URL === undefined ? 'on' : 'off')) === 'on',
    vars.MOORAGE_CONSOLE === 'on',
    vars.MOORAGE_ALLOWED_NETWORKS,
    vars.MOORAGE_PUBLIC_URL,
    vars.LOG_LEVEL,
  );
}

// Only the variable's name and our own words: a wrong value may be a secret.
function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const sentences = issues.map((issue) => `${String(issue.path[0])} ${issue.message}.`);
  return [...new Set(sentences)].join(' ');
}

/** What a program that we start (Postgres) needs from our own environment; never a secret. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return { PATH, SystemRoot, TEMP, NODE_ENV: 'production' };
}

/** Tells the console's server side, which runs in this process, where the API listens. */
export function tellConsole(origin: string): void {
  process.env['MOORAGE_INTERNAL_URL'] = origin;
}
