/**
 * `/healthz` (the process runs), `/readyz` (it can serve: the database answers) and `/metrics`
 * (Prometheus text), at the root and without sign-in, as orchestrators expect. They are plain Fastify
 * routes: they have no actor, no input and no secret. Labels are route patterns and counts only.
 */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../database/database.js';

const READY_TIMEOUT_MS = 2_000;

export interface HealthParts {
  readonly database: Database;
}

export function registerHealth(server: FastifyInstance, { database }: HealthParts): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'moorage_' });
  observeRequests(server, registry);
  observePool(database, registry);
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await isReady(database);
    void reply.code(ready ? 200 : 503);
    if (!ready) void reply.header('retry-after', '5');
    return { status: ready ? 'ok' : 'database.unavailable' };
  });
  server.get('/metrics', async (_request, reply) => {
    void reply.header('content-type', registry.contentType);
    return registry.metrics();
  });
}

async function isReady(database: Database): Promise<boolean> {
  const timeout = new Promise<boolean>((resolve) =>
    setTimeout(resolve, READY_TIMEOUT_MS, false).unref(),
  );
  return Promise.race([
    database.one('select 1').then(
      () => true,
      () => false,
    ),
    timeout,
  ]);
}

function observeRequests(server: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'moorage_http_request_duration_seconds',
    help: 'Time to answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'moorage_http_refusals_total',
    help: 'Answers 401, 403 and 429',
    labelNames: ['status'],
    registers: [registry],
  });
  server.addHook('onResponse', (request, reply, done) => {
    const status = String(reply.statusCode);
    duration.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status },
      reply.elapsedTime / 1000,
    );
    if (['401', '403', '429'].includes(status)) refusals.inc({ status });
    done();
  });
}

function observePool({ pool }: Database, registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('moorage_database_connections', 'Open connections', () => pool.totalCount);
  gauge('moorage_database_connections_idle', 'Idle connections', () => pool.idleCount);
  gauge('moorage_database_waiting', 'Requests that wait for a connection', () => pool.waitingCount);
}
