/**
 * The connection pool behind every repository, and the only way to open a transaction.
 *
 * The carrier is `pg`: an interactive transaction of Prisma reaches about a third of its speed for
 * the create + audit + outbox that every write here does. Prisma's client (`prisma`) shares the
 * same pool for plain reads. int8 is read as a JavaScript number: our counters and identity columns
 * stay far below 2^53; xid8 stays text.
 */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg, { type PoolClient, type QueryResultRow } from 'pg';
import { LOG, type Log } from '../config/log.js';
import { PrismaClient } from '../generated/prisma/client.js';
import type { Queryable, Sql, Tx } from './transaction.js';
import { translateUnavailable } from './unavailable.js';

const INT8 = 20; // pg_type oid
export interface DatabaseOptions {
  readonly connectionString: string;
  readonly maxConnections?: number;
}
export const DATABASE_OPTIONS = Symbol('database options');

export function poolConfig(options: DatabaseOptions): pg.PoolConfig {
  return {
    connectionString: options.connectionString,
    // One process on few cores: more connections only queue in the server (10 is pg's default).
    max: options.maxConnections ?? 10,
    application_name: 'moorage',
    connectionTimeoutMillis: 5_000, // then 503; a console's request should not hang longer
    idleTimeoutMillis: 60_000,
    statement_timeout: 15_000, // the longest statement is an audit page; half the client's 30 s
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000, // a hung process must not hold row locks
    query_timeout: 20_000, // a dead peer without RST: give up after the server would have
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 && format !== 'binary'
          ? Number
          : pg.types.getTypeParser(oid, format ?? 'text'),
    } as pg.CustomTypesConfig, // the overloads differ only in the format's literal type
  };
}

async function run<Row extends QueryResultRow>(
  on: pg.Pool | PoolClient,
  sql: Sql,
  values: readonly unknown[],
): Promise<pg.QueryResult<Row>> {
  try {
    return await on.query<Row>(
      typeof sql === 'string'
        ? { text: sql, values: [...values] }
        : { ...sql, values: [...values] },
    );
  } catch (error) {
    throw translateUnavailable(error);
  }
}

class OpenTransaction implements Tx {
  readonly transaction = true as const;
  constructor(private readonly client: PoolClient) {}
  async query<Row extends QueryResultRow>(
    sql: Sql,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return (await run<Row>(this.client, sql, values)).rows;
  }
  async one<Row extends QueryResultRow>(
    sql: Sql,
    values: readonly unknown[] = [],
  ): Promise<Row | undefined> {
    return (await run<Row>(this.client, sql, values)).rows[0];
  }
  async execute(sql: Sql, values: readonly unknown[] = []): Promise<number> {
    return (await run(this.client, sql, values)).rowCount ?? 0;
  }
}

@Injectable()
export class Database implements Queryable, OnApplicationShutdown {
  readonly pool: pg.Pool;
  #prisma: PrismaClient | undefined;

  constructor(
    @Inject(DATABASE_OPTIONS) readonly options: DatabaseOptions,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.pool = new pg.Pool(poolConfig(options));
    // An idle connection that breaks is only removed from the pool; the next query opens another.
    this.pool.on('error', (error) => this.log.warn({ err: error }, 'database connection lost'));
  }

  /** Prisma on the same pool, for plain typed reads; writes go through `transaction`. */
  get prisma(): PrismaClient {
    this.#prisma ??= new PrismaClient({ adapter: new PrismaPg(this.pool) });
    return this.#prisma;
  }

  async query<Row extends QueryResultRow>(
    sql: Sql,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return (await run<Row>(this.pool, sql, values)).rows;
  }

  async one<Row extends QueryResultRow>(
    sql: Sql,
    values: readonly unknown[] = [],
  ): Promise<Row | undefined> {
    return (await run<Row>(this.pool, sql, values)).rows[0];
  }

  async execute(sql: Sql, values: readonly unknown[] = []): Promise<number> {
    return (await run(this.pool, sql, values)).rowCount ?? 0;
  }

  /** Runs `work` in one READ COMMITTED transaction: commits when it resolves, rolls back when it throws. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw translateUnavailable(error);
    });
    let broken = false;
    // Lent out, a client has no listener of the pool: without one, a connection that breaks between
    // two statements would end the process. The next statement fails and says so.
    const onLost = (error: Error) => {
      broken = true;
      this.log.warn({ err: error }, 'database connection lost');
    };
    client.on('error', onLost);
    try {
      await run(client, 'begin', []);
      const result = await work(new OpenTransaction(client));
      await run(client, 'commit', []);
      return result;
    } catch (error) {
      // A connection whose rollback fails is not fit for the pool.
      await client.query('rollback').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.release(broken);
      client.off('error', onLost);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#prisma?.$disconnect();
    await this.pool.end();
  }
}
