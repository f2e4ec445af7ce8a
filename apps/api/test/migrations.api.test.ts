import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { type Migration, migrate, readMigrations } from '../src/database/migrations.js';
import { createDatabase } from './harness.js';

const newDatabase = () => createDatabase(inject('postgresUrl'));
const step = (name: string, sql: string): Migration => ({ name, sql, checksum: `sum of ${sql}` });

async function query<Row extends pg.QueryResultRow>(
  connectionString: string,
  sql: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('applies every file once, in order, and nothing the second time', async () => {
    const database = await newDatabase();
    const steps = [
      step('1.sql', 'create table a (x int)'),
      step('2.sql', 'alter table a add y int'),
    ];
    expect(await migrate(database, steps.slice(0, 1))).toEqual(['1.sql']);
    expect(await migrate(database, steps)).toEqual(['2.sql']);
    expect(await migrate(database, steps)).toEqual([]);
  });

  it('lets several processes start at once', async () => {
    const database = await newDatabase();
    const steps = [step('1.sql', 'create table a (x int); select pg_sleep(0.2)')];
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(database, steps)));
    expect(applied.flat()).toEqual(['1.sql']);
  });

  it('rolls a failing file back as a whole and names it', async () => {
    const database = await newDatabase();
    const steps = [
      step('1.sql', 'create table a (x int)'),
      step('2.sql', 'create table b (x int); select 1/0'),
    ];
    await expect(migrate(database, steps)).rejects.toThrow(
      /2\.sql failed and was rolled back: division by zero/,
    );
    expect(
      await query(
        database,
        `select to_regclass('a') is not null as a, to_regclass('b') is not null as b`,
      ),
    ).toEqual([{ a: true, b: false }]);
  });

  it('refuses a file that was edited after it ran, before it applies anything', async () => {
    const database = await newDatabase();
    await migrate(database, [step('1.sql', 'create table a (x int)')]);
    const edited = [
      step('1.sql', 'create table a (x bigint)'),
      step('2.sql', 'create table b (x int)'),
    ];
    await expect(migrate(database, edited)).rejects.toThrow(/1\.sql was edited/);
    expect(await query(database, `select to_regclass('b') as b`)).toEqual([{ b: null }]);
  });

  it('refuses the database of a newer version', async () => {
    const database = await newDatabase();
    await migrate(database, [step('1.sql', 'select 1'), step('2.sql', 'select 1')]);
    await expect(migrate(database, [step('1.sql', 'select 1')])).rejects.toThrow(/newer version/);
  });
});

describe('schema.prisma', () => {
  it('has the same tables and columns, with the same types and nullability, as the SQL', async () => {
    const database = await newDatabase();
    await migrate(database, await readMigrations());
    const columns = await query<{ name: string }>(
      database,
      `select table_name || '.' || column_name || ' ' || udt_name || case when is_nullable = 'YES' then '?' else '' end as name
       from information_schema.columns where table_schema = 'public' and table_name <> 'schema_migrations'`,
    );
    expect(describeModels(await readFile(SCHEMA, 'utf8'))).toEqual(
      columns.map(({ name }) => name).toSorted(),
    );
  });
});

const SCHEMA = new URL('../../../prisma/schema.prisma', import.meta.url);
/** Prisma's types to Postgres' names. */
const TYPES: Readonly<Record<string, string>> = {
  String: 'text',
  DateTime: 'timestamptz',
  Boolean: 'bool',
  Int: 'int4',
  BigInt: 'int8',
  Bytes: 'bytea',
  Json: 'jsonb',
  'Unsupported("xid8")': 'xid8',
};

/** `table.column type?`, from the schema's text: one field per line, as `prisma format` writes it. */
function describeModels(schema: string): string[] {
  const models = [...schema.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].map(
    (match) => match[1] ?? '',
  );
  return models
    .flatMap((body) => {
      const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
      return [...body.matchAll(/^ {2}(\w+) +(\w+(?:\("\w+"\))?)(\[\])?(\?)? ?(.*)$/gm)].map(
        ([, name, prismaType = '', list, optional = '', attributes = '']) => {
          const column = /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? name;
          const type = attributes.includes('@db.Uuid') ? 'uuid' : TYPES[prismaType];
          return `${table}.${column} ${list === undefined ? type : `_${type}`}${optional}`;
        },
      );
    })
    .toSorted();
}
