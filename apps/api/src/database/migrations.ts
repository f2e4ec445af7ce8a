/**
 * Applies `prisma/migrations/*.sql` in order, each file in one transaction, and remembers its
 * SHA-256: a file that was edited after it ran stops the start, before anything else is applied.
 *
 * Replicas start together, so one holds an advisory lock. It is polled with `pg_try_advisory_lock`:
 * a blocking wait would hold a snapshot, with which `CREATE INDEX CONCURRENTLY` of the one that
 * migrates would deadlock.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const LOCK_KEY = 0x6d6f6f72; // "moor"; only has to differ from other programs in the same database
const LOCK_POLL_MS = 200;
const LOCK_WAIT_MS = 120_000; // longer than any migration; then something holds it that should not

export const MIGRATIONS_DIRECTORY = fileURLToPath(
  new URL('../../../../prisma/migrations/', import.meta.url),
);

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export async function readMigrations(
  directory: string = MIGRATIONS_DIRECTORY,
): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(directory, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Brings the database to the newest schema; returns the names of the files that it applied. */
export async function migrate(
  connectionString: string,
  migrations: readonly Migration[],
): Promise<string[]> {
  const client = new pg.Client({
    connectionString,
    application_name: 'moorage-migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // the failing query reports it
  await client.connect();
  try {
    await waitForLock(client);
    return await applyPending(client, migrations);
  } finally {
    await client.end(); // releases the lock
  }
}

async function waitForLock(client: pg.Client): Promise<void> {
  for (let waitedMs = 0; waitedMs <= LOCK_WAIT_MS; waitedMs += LOCK_POLL_MS) {
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1) as locked',
      [LOCK_KEY],
    );
    if (rows[0]?.locked === true) return;
    await delay(LOCK_POLL_MS);
  }
  throw new MigrationError(
    'Another process has been migrating this database for two minutes; look for it and start again.',
  );
}

async function applyPending(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<string[]> {
  await client.query(
    'create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
  );
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations order by name',
  );
  checkApplied(rows, migrations);
  const done = new Set(rows.map((row) => row.name));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (done.has(migration.name)) continue;
    await applyOne(client, migration);
    applied.push(migration.name);
  }
  return applied;
}

function checkApplied(
  rows: readonly { name: string; checksum: string }[],
  migrations: readonly Migration[],
): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const row of rows) {
    const checksum = known.get(row.name);
    if (checksum === undefined) {
      throw new MigrationError(
        `The database has migration ${row.name}, which this version does not know: it belongs to a newer version.`,
      );
    }
    if (checksum !== row.checksum) {
      throw new MigrationError(
        `Migration ${row.name} was edited after it had been applied: restore the file and write a new one.`,
      );
    }
  }
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`Migration ${migration.name} failed and was rolled back: ${reason}`, {
      cause: error,
    });
  }
}
