/**
 * Which driver errors mean "the database cannot be used now" (answered 503 with Retry-After),
 * as opposed to a refused statement. Codes: PostgreSQL appendix A and Node's system errors.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  constructor(cause: unknown) {
    super('The database does not answer', { cause });
  }
}

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
// 08 connection exception, 53 insufficient resources (disk full, too many connections),
// 57P0x shutdown, crash and start-up, 57014 statement timeout, 55P03 lock timeout,
// 25006 read-only (a replica), 58030 I/O error
const SQL_STATES = /^(08...|53...|57P0[1235]|57014|55P03|25006|58030)$/;
// pg reports these without a code
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    SYSTEM_CODES.has(code) ||
    SQL_STATES.test(code) ||
    MESSAGES.test(error.message) ||
    (error instanceof AggregateError && error.errors.some(isUnavailable))
  );
}

export function translateUnavailable(error: unknown): unknown {
  return isUnavailable(error) ? new DatabaseUnavailable(error) : error;
}
