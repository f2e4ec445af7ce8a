import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EnvError, readEnv } from './env.js';

const key = randomBytes(32).toString('base64');

describe('readEnv', () => {
  it('starts with nothing set: embedded database, demo, console, loopback', () => {
    const env = readEnv({}, '/srv');
    expect(env).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: '/srv/.moorage',
      demo: true,
      console: true,
      logLevel: 'info',
    });
    expect(env.databaseUrl).toBeUndefined();
  });

  it('has no demo with an outside database unless asked', () => {
    const outside = { DATABASE_URL: 'postgres://db/m', MOORAGE_MASTER_KEY: key };
    expect(readEnv(outside).demo).toBe(false);
    expect(readEnv({ ...outside, MOORAGE_DEMO: 'on' }).demo).toBe(true);
  });

  it('treats an empty variable as not set', () => {
    expect(readEnv({ PORT: '', MOORAGE_MASTER_KEY: '' }).port).toBe(8080);
  });

  const wrong: readonly [name: string, variables: Record<string, string>][] = [
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '80.5' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://db', MOORAGE_MASTER_KEY: key }],
    ['MOORAGE_MASTER_KEY', { DATABASE_URL: 'postgres://db/m' }],
    ['MOORAGE_MASTER_KEY', { MOORAGE_MASTER_KEY: 'c2hvcnQ=' }],
    ['MOORAGE_MASTER_KEY_PREVIOUS', { MOORAGE_MASTER_KEY_PREVIOUS: 'x' }],
    ['MOORAGE_ADMIN_PASSWORD', { MOORAGE_ADMIN_PASSWORD: 'short' }],
    ['MOORAGE_DEMO', { MOORAGE_DEMO: 'true' }],
    ['MOORAGE_CONSOLE', { MOORAGE_CONSOLE: 'no' }],
    ['MOORAGE_ALLOWED_NETWORKS', { MOORAGE_ALLOWED_NETWORKS: '127.0.0.0/8, everything' }],
    ['MOORAGE_PUBLIC_URL', { MOORAGE_PUBLIC_URL: 'ftp://moorage' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
  ];
  it.each(wrong)(
    'refuses a wrong %s with a sentence that names it and not its value',
    (name, variables) => {
      const refusal = captureRefusal(variables);
      expect(refusal).toMatch(new RegExp(`^${name} .*\\.$`));
      for (const value of Object.values(variables))
        if (value.length > 4) expect(refusal).not.toContain(value);
    },
  );

  it('keeps secrets out of anything that prints the environment', () => {
    const env = readEnv({
      DATABASE_URL: 'postgres://u:hidden-word@db/m',
      MOORAGE_MASTER_KEY: key,
      MOORAGE_ADMIN_PASSWORD: 'hidden-word',
    });
    expect(JSON.stringify(env)).not.toMatch(/hidden-word/);
    expect(JSON.stringify(env)).not.toContain(key);
  });

  it('reads networks and a public URL without its closing slash', () => {
    const env = readEnv({
      MOORAGE_ALLOWED_NETWORKS: '127.0.0.0/8, fd00::/8',
      MOORAGE_PUBLIC_URL: 'https://moorage.example/',
    });
    expect(env.allowedNetworks).toEqual(['127.0.0.0/8', 'fd00::/8']);
    expect(env.publicUrl).toBe('https://moorage.example');
  });
});

function captureRefusal(variables: Record<string, string>): string {
  try {
    readEnv(variables);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  throw new Error('not refused');
}
