import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, hasParts, type Postgres, startPostgres } from '../src/index.js';

describe.skipIf(!hasParts('postgres'))('a throwaway Postgres', () => {
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  async function ask(url: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it('gives each test file a database of its own', async () => {
    const [one, two] = [await postgres.createDatabase(), await createDatabase(postgres.url)];
    await ask(one, 'CREATE TABLE note (text text)');
    await expect(ask(two, 'SELECT * FROM note')).rejects.toThrow('does not exist');
  });

  it('keeps its data while it is halted', async () => {
    const url = await postgres.createDatabase();
    await ask(url, "CREATE TABLE note AS SELECT 'kept' AS text");
    await postgres.halt();
    await expect(ask(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await postgres.resume();
    expect(await ask(url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
  });

  it('refuses a wrong password', async () => {
    const url = new URL(postgres.url);
    url.password = 'wrong';
    await expect(ask(url.toString(), 'SELECT 1')).rejects.toThrow('password authentication failed');
  });
});
