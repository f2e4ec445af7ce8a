import type { QueryResultRow } from 'pg';

/** SQL with `$1` parameters; a name makes the server keep its plan (for statements on every request). */
export type Sql = string | { readonly name: string; readonly text: string };

/** Something that runs SQL: the database itself, or one open transaction. */
export interface Queryable {
  /** All rows. Values go as parameters only; never build SQL from input. */
  query<Row extends QueryResultRow>(sql: Sql, values?: readonly unknown[]): Promise<Row[]>;
  /** The first row or undefined. */
  one<Row extends QueryResultRow>(sql: Sql, values?: readonly unknown[]): Promise<Row | undefined>;
  /** The number of rows that the statement touched. */
  execute(sql: Sql, values?: readonly unknown[]): Promise<number>;
}

/**
 * An open transaction, passed explicitly to repositories, `AuditLog.record` and `Outbox.publish`, so
 * that a change, its audit entry and its event commit together. The brand keeps a `Database` from
 * being passed where a transaction is needed.
 */
export interface Tx extends Queryable {
  readonly transaction: true;
}
