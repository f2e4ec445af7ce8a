/**
 * The server's log: JSON lines on stdout. Callers log named fields of their own choosing, never a
 * request, a body or an error object of an outside system, so there is nothing to redact later.
 */
import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

export type Log = Logger;
/** Injection token of the root logger. */
export const LOG = Symbol('log');

export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
  });
}

/** What a log may say of an error: kind, code and stack; no properties that a driver attached. */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type: error.name, message: error.message, ...code, stack: error.stack };
}

/** Nest's own words (module start, shutdown) into the same log. */
export class NestLog implements LoggerService {
  constructor(private readonly log_: Log) {}
  log(message: unknown): void {
    this.log_.debug(String(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.log_.error({ detail: rest.map(String).join(' ').slice(0, 4000) }, String(message));
  }
  warn(message: unknown): void {
    this.log_.warn(String(message));
  }
  debug(message: unknown): void {
    this.log_.trace(String(message));
  }
  verbose(message: unknown): void {
    this.log_.trace(String(message));
  }
}
