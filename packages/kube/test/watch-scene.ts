/** A watch cache on a manual clock, in front of a server that a test directs. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach } from 'vitest';
import {
  resourcePath,
  type SecretObject,
  WatchCache,
  type WatchCacheOptions,
} from '../src/index.js';
import { type ApiServer, json, type Replier, startApiServer } from './api-server.js';
import { ManualClock } from './manual-clock.js';

const path = resourcePath.secrets();
let servers: ApiServer[] = [];
let caches: { close(): void }[] = [];

afterEach(async () => {
  for (const cache of caches) cache.close();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  caches = [];
});

export const secret = (name: string, resourceVersion: string, type = 'one'): SecretObject => ({
  metadata: { name, namespace: 'a', resourceVersion },
  type,
});

export interface Scene {
  readonly server: ApiServer;
  readonly cache: WatchCache<string, SecretObject>;
  readonly clock: ManualClock;
  readonly changes: string[];
  readonly states: string[];
  /** Open watches, newest last. */
  readonly watches: { readonly reply: Replier; readonly resourceVersion: string | null }[];
  list: { items: SecretObject[]; resourceVersion: string };
  /** Answers the next watches in place of opening them. */
  onWatch: ((reply: Replier) => boolean) | null;
  lists(): number;
  send(type: string, object: unknown): void;
  /** Waits for the condition while the clock jumps from one back-off wait to the next. */
  until(condition: () => boolean): Promise<void>;
  /** Waits for the condition; the clock stands still. */
  arrived(condition: () => boolean): Promise<void>;
}

async function poll(condition: () => boolean, between: () => void): Promise<void> {
  const endsAt = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > endsAt) throw new Error('the condition did not come true in 5 s');
    await delay(2);
    // What came during the pause is seen before the clock goes on.
    if (condition()) return;
    between();
  }
}

export async function scene(
  protocol: 'http' | 'h2' = 'http',
  options: Partial<WatchCacheOptions<string, SecretObject>> = {},
): Promise<Scene> {
  const clock = new ManualClock();
  const state: Omit<Scene, 'server' | 'cache'> = {
    watches: [],
    changes: [],
    states: [],
    list: { items: [], resourceVersion: '10' },
    onWatch: null,
    clock,
    lists: () => server.requests.filter((request) => !request.query.has('watch')).length,
    send: (type, object) =>
      state.watches.at(-1)?.reply.write(`${JSON.stringify({ type, object })}\n`),
    until: (condition) =>
      poll(condition, () => {
        const next = clock.pendingMs[0];
        if (next !== undefined && next <= 30_000) clock.advance(next);
      }),
    arrived: (condition) => poll(condition, () => {}),
  };
  const server = await startApiServer(protocol, (request, reply) => {
    if (!request.query.has('watch')) {
      const { items, resourceVersion } = state.list;
      json(reply, 200, { kind: 'SecretList', metadata: { resourceVersion }, items });
      return;
    }
    if (state.onWatch?.(reply) === true) return;
    reply.writeHead(200, { 'content-type': 'application/json' });
    reply.write('');
    state.watches.push({ reply, resourceVersion: request.query.get('resourceVersion') });
  });
  servers.push(server);
  const client = server.client();
  const cache = new WatchCache<string, SecretObject>(client, {
    name: 'secrets',
    path,
    labelSelector: 'app.kubernetes.io/managed-by=moorage',
    slim: (object) => object.type ?? '',
    onChange: (key, item) => state.changes.push(`${key}=${item ?? 'gone'}`),
    onState: (next, error) => state.states.push(error === null ? next : `${next}:${error.reason}`),
    clock,
    ...options,
  });
  caches.push(cache);
  return Object.assign(state, { server, cache });
}

export async function started(...given: Parameters<typeof scene>): Promise<Scene> {
  const s = await scene(...given);
  s.list = { items: [secret('x', '5'), secret('y', '6')], resourceVersion: '10' };
  s.cache.start();
  await s.cache.synced;
  await s.until(() => s.watches.length === 1);
  return s;
}
