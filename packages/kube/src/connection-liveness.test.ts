import { EventEmitter } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Client } from 'undici';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ApiServer, json, startApiServer } from '../test/api-server.js';
import { ConnectionLiveness } from './connection-liveness.js';
import { KubeClient, resourcePath } from './index.js';

const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const end of ends.splice(0).reverse()) await end();
});

/** A relay that can stop forwarding without closing anything: a half-open connection. */
async function startRelay(target: ApiServer) {
  const sockets: Socket[] = [];
  const state = { isFrozen: false, accepted: 0 };
  const relay = createServer((near) => {
    state.accepted += 1;
    const isFrozenFrom = state.accepted;
    const far = connect(Number(new URL(target.url).port), '127.0.0.1');
    sockets.push(near, far);
    const forward = (from: Socket, to: Socket) => {
      from.on('data', (bytes) => {
        if (!(state.isFrozen && isFrozenFrom === 1)) to.write(bytes);
      });
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    };
    forward(near, far);
    forward(far, near);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    relay.close();
  });
  return { state, port: (relay.address() as AddressInfo).port };
}

// Risk: a cut cable leaves watch and calls hanging on a connection that looks open.
test('a half-open HTTP/2 connection is noticed by its missing answers to PING and replaced', async () => {
  const server = await startApiServer('h2', (request, reply) => {
    if (request.query.has('watch')) reply.writeHead(200, { 'content-type': 'application/json' });
    else json(reply, 200, { metadata: { name: 'x' } });
  });
  ends.push(() => server.close());
  const { state, port } = await startRelay(server);
  const client = new KubeClient(
    { ...server.access, server: `https://127.0.0.1:${port}` },
    { userAgent: 'moorage/0 (test)', dialPolicy: null, pingIntervalMs: 40 },
  );
  ends.push(() => client.close());
  await client.get(resourcePath.version());
  const watch = client
    .watch(resourcePath.secrets(), {
      resourceVersion: '1',
      timeoutSeconds: 300,
      signal: new AbortController().signal,
      onBytes: () => {},
    })
    .catch((error: unknown) => error);
  await client.get(resourcePath.version());
  // Alive for many intervals: answered PINGs keep the connection.
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(state.accepted).toBe(1);
  state.isFrozen = true;
  expect(await watch).toMatchObject({ reason: 'ConnectionReset', retryable: true });
  await client.get(resourcePath.version(), { timeoutMs: 2_000 });
  expect(state.accepted).toBe(2);
});

describe('an interval', () => {
  /** A connection on a clock of its own; `late` lets the timer come so much after its time. */
  function follow() {
    vi.useFakeTimers();
    const start = performance.now();
    let skewMs = 0;
    const client = new EventEmitter();
    const verdicts: number[] = [];
    const liveness = new ConnectionLiveness(() => verdicts.push(performance.now() - start), 1_000);
    ends.push(() => liveness.stop());
    const fakeNow = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => fakeNow() + skewMs);
    ends.push(() => void vi.restoreAllMocks());
    // Only its events are used.
    liveness.follow(client as unknown as Client);
    client.emit('connect');
    const pass = (lateMs = 0) => {
      skewMs += lateMs;
      vi.advanceTimersByTime(1_000);
    };
    return { client, verdicts, pass };
  }

  test('without an answer counts, and the third in a row is the end', () => {
    const { verdicts, pass } = follow();
    for (let at = 0; at < 3; at += 1) pass();
    vi.advanceTimersByTime(1);
    expect(verdicts).toHaveLength(1);
  });

  // Risk: a process starved of CPU drops healthy connections, and opens watches anew for it.
  test('that came late, because this process was stalled, does not count, nor do those before', () => {
    const { verdicts, pass } = follow();
    pass();
    pass();
    for (let at = 0; at < 10; at += 1) pass(400);
    pass();
    pass();
    vi.advanceTimersByTime(1);
    expect(verdicts).toHaveLength(0);
    pass();
    vi.advanceTimersByTime(1);
    expect(verdicts).toHaveLength(1);
  });

  test('is forgiven when its answer was there but not yet read', () => {
    const { client, verdicts, pass } = follow();
    pass();
    pass();
    setImmediate(() => client.emit('ping'));
    pass();
    vi.advanceTimersByTime(1);
    expect(verdicts).toHaveLength(0);
  });
});
