/**
 * One way to page every list: keyset over an allow-listed sort column and the id, an opaque cursor,
 * a text filter over allow-listed columns. SQL comes from the repository's constants only; a
 * request chooses among them and supplies values.
 */
import { hash } from 'node:crypto';
import type { QueryResultRow } from 'pg';
import { z } from 'zod';
import type { Queryable, Sql } from '../database/transaction.js';
import { Problem } from './problem.js';

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** name of a sort column, `-name` for descending */
  readonly sort?: string | undefined;
  readonly q?: string | undefined;
}

interface SortColumn {
  readonly sql: string;
  /** its SQL type; never null (use `coalesce`) */
  readonly type: string;
}

export interface ListSource {
  /** what is selected, e.g. `r.id, r.created_at as "createdAt"` */
  readonly columns: string;
  /** tables and joins */
  readonly from: string;
  /** conditions, joined with `and`; `$1`… are `values` */
  readonly where: readonly string[];
  readonly values: readonly unknown[];
  readonly sort: Readonly<Record<string, SortColumn>>;
  /** e.g. `name` or `-createdAt` */
  readonly defaultSort: string;
  /** unique and never null: makes the order total */
  readonly id: SortColumn;
  /** text expressions that `q` looks into */
  readonly search: readonly string[];
}

export interface Page<Row> {
  readonly items: Row[];
  readonly nextCursor: string | null;
  readonly total: number;
}

const Cursor = z.tuple([z.string().max(100), z.string().max(1000), z.string().max(100)]);
const invalidCursor = () =>
  new Problem('request.invalid', undefined, {
    errors: [
      {
        pointer: 'cursor',
        code: 'invalid-cursor',
        detail: 'Not a cursor of this list; start again without it',
      },
    ],
  });

/** Loads one page. `present` turns a row into its wire form. */
export async function loadPage<Row extends QueryResultRow, Item>(
  database: Queryable,
  source: ListSource,
  request: PageRequest,
  present: (row: Row) => Item,
): Promise<Page<Item>> {
  const sort = request.sort ?? source.defaultSort;
  const { text, values, countText, countValues } = buildStatements(source, request, sort);
  const rows = await database
    .query<Row & { pageKey: string; pageId: string; pageTotal: number }>(named(text), values)
    .catch(refuseBadCursor);
  const more = rows.length > request.limit;
  const shown = more ? rows.slice(0, request.limit) : rows;
  const last = shown.at(-1);
  const total =
    last?.pageTotal ??
    (request.cursor === undefined ? 0 : await countAll(database, countText, countValues));
  return {
    items: shown.map(present),
    nextCursor: more && last !== undefined ? encodeCursor(sort, last.pageKey, last.pageId) : null,
    total,
  };
}

/**
 * Named by its text: planning a page costs Postgres as much as reading it. There are as many texts
 * as combinations of filters and orders, not one per request.
 */
function named(text: string): Sql {
  return { name: `page-${hash('sha256', text).slice(0, 32)}`, text };
}

function buildStatements(source: ListSource, request: PageRequest, sort: string) {
  const descending = sort.startsWith('-');
  const column = source.sort[descending ? sort.slice(1) : sort];
  if (column === undefined)
    throw new Problem('request.invalid', undefined, {
      errors: [
        { pointer: 'sort', code: 'unknown-column', detail: 'This list does not sort by that' },
      ],
    });
  const countValues = [...source.values];
  const conditions = [...source.where];
  if (request.q !== undefined && request.q !== '') {
    countValues.push(`%${request.q.replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(
      `(${source.search.map((sql) => `${sql} ilike $${countValues.length}`).join(' or ')})`,
    );
  }
  const filtered = `from ${source.from}${conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`}`;
  const values = [...countValues];
  let keyset = '';
  if (request.cursor !== undefined) {
    const [key, id] = decodeCursor(request.cursor, sort);
    values.push(key, id);
    const n = values.length;
    const comparison = `(${column.sql}, ${source.id.sql}) ${descending ? '<' : '>'} ($${n - 1}::${column.type}, $${n}::${source.id.type})`;
    keyset = `${conditions.length === 0 ? ' where' : ' and'} ${comparison}`;
  }
  const direction = descending ? 'desc' : 'asc';
  values.push(request.limit + 1);
  // The key as text keeps what a JavaScript Date would lose: microseconds.
  const text = `select ${source.columns}, (${column.sql})::text as "pageKey", (${source.id.sql})::text as "pageId",
    (select count(*)::int ${filtered}) as "pageTotal"
    ${filtered}${keyset} order by ${column.sql} ${direction}, ${source.id.sql} ${direction} limit $${values.length}`;
  return { text, values, countText: `select count(*)::int as total ${filtered}`, countValues };
}

async function countAll(
  database: Queryable,
  text: string,
  values: readonly unknown[],
): Promise<number> {
  return (await database.one<{ total: number }>(text, values))?.total ?? 0;
}

function encodeCursor(sort: string, key: string, id: string): string {
  return Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
}

function decodeCursor(text: string, sort: string): [key: string, id: string] {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw invalidCursor();
  }
  const cursor = Cursor.safeParse(json);
  if (!cursor.success || cursor.data[0] !== sort || cursor.data.join('').includes('\0'))
    throw invalidCursor();
  return [cursor.data[1], cursor.data[2]];
}

// Class 22: the cursor's value is not of the column's type, so we did not make it.
function refuseBadCursor(error: unknown): never {
  if (error instanceof Error && 'code' in error && /^22/.test(String(error.code)))
    throw invalidCursor();
  throw error;
}
