/** From the environment to a migrated database: the embedded Postgres or an outside one. */
import pg from 'pg';
import type { Env } from '../config/env.js';
import { prepareDataDirectory, startEmbeddedPostgres } from './embedded-postgres.js';
import { migrate, readMigrations } from './migrations.js';

const CONNECT_TIMEOUT_MS = 10_000;
const OLDEST_SUPPORTED = 140_000; // Postgres 14

/** Why the database cannot be used: one sentence for the terminal. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}

export interface OpenedDatabase {
  readonly connectionString: string;
  readonly appliedMigrations: readonly string[];
  /** stops the embedded Postgres unless another process of ours uses it; does nothing to an outside one */
  stop(): Promise<void>;
}

export async function openDatabase(env: Env): Promise<OpenedDatabase> {
  const place =
    env.databaseUrl === undefined
      ? await startEmbedded(env.dataDir)
      : await checkOutside(env.databaseUrl.reveal());
  try {
    const appliedMigrations = await migrate(place.connectionString, await readMigrations());
    return { ...place, appliedMigrations };
  } catch (error) {
    await place.stop();
    throw error;
  }
}

async function startEmbedded(dataDir: string) {
  await prepareDataDirectory(dataDir);
  const postgres = await startEmbeddedPostgres(dataDir);
  return {
    connectionString: postgres.connectionString.reveal(),
    stop: () => postgres.stop(),
  };
}

async function checkOutside(connectionString: string) {
  const client = new pg.Client({
    connectionString,
    application_name: 'moorage-start',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined); // the query that fails says it
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    const version = rows[0]?.version ?? 0;
    if (version < OLDEST_SUPPORTED)
      throw new DatabaseRefused(
        `DATABASE_URL names Postgres ${Math.floor(version / 10_000)}; Moorage needs 14 or newer.`,
      );
  } catch (error) {
    if (error instanceof DatabaseRefused) throw error;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    throw new DatabaseRefused(
      `The database of DATABASE_URL cannot be used (${reason}): check host, port, user, password and database name.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
  return { connectionString, stop: async () => undefined };
}
