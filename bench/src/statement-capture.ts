/**
 * Which SQL the product sends for one request, read from Postgres' own log, so that a bare server
 * can be given exactly the same statements and the comparison never falls behind the code.
 *
 * Log shape (PostgreSQL "Error Reporting and Logging", log_statement = all, prefix `%m [%p] `):
 *   2026-01-01 00:00:00.000 UTC [7] LOG:  execute <name>: select …
 *   <tab>further lines of the statement
 *   2026-01-01 00:00:00.000 UTC [7] DETAIL:  Parameters: $1 = 'text', $2 = NULL
 */
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export interface Statement {
  readonly backend: string;
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** Until every backend has read the changed setting; Postgres signals them at once. */
const reloadMs = 500;

/** Runs `work` and answers all statements of the server meanwhile, in order. */
export async function captureStatements(
  server: { readonly url: string; readonly logFile: string },
  work: () => Promise<void>,
): Promise<readonly Statement[]> {
  await setLogging(server.url, 'all');
  const start = statSync(server.logFile).size;
  await work();
  await delay(reloadMs);
  const log = readFileSync(server.logFile).subarray(start).toString('utf8');
  await setLogging(server.url, 'none');
  return parseStatements(log);
}

async function setLogging(url: string, value: 'all' | 'none'): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`alter system set log_statement = '${value}'`);
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
  await delay(reloadMs);
}

const entryStart = /^\d{4}-\d\d-\d\d \S+ \S+ \[(\d+)\] ([A-Z]+): {2}/;

export function parseStatements(log: string): readonly Statement[] {
  const statements: Statement[] = [];
  for (const entry of splitEntries(log)) {
    const [head = '', backend = '', kind] = entryStart.exec(entry) ?? [];
    const body = entry.slice(head.length);
    const text = /^(?:execute [^:]*|statement): ([\s\S]*)$/.exec(body)?.[1];
    if (kind === 'LOG' && text !== undefined) statements.push({ backend, text, values: [] });
    const last = statements.at(-1);
    if (kind === 'DETAIL' && last?.backend === backend && /^parameters:/i.test(body))
      statements[statements.length - 1] = { ...last, values: parseParameters(body) };
  }
  return statements;
}

function splitEntries(log: string): readonly string[] {
  const entries: string[] = [];
  for (const line of log.split('\n')) {
    const last = entries.length - 1;
    if (line.startsWith('\t') && last >= 0) entries[last] += `\n${line.slice(1)}`;
    else entries.push(line);
  }
  return entries;
}

function parseParameters(text: string): readonly (string | null)[] {
  return [...text.matchAll(/\$\d+ = (NULL|'(?:[^']|'')*')/g)].map(([, value = 'NULL']) =>
    value === 'NULL' ? null : value.slice(1, -1).replaceAll("''", "'"),
  );
}
