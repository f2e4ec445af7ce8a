import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { statusReply } from '../test/api-server.js';
import { scene, secret, started } from '../test/watch-scene.js';

describe('a watch cache', () => {
  test.each(['http', 'h2'] as const)(
    'lists once, then follows events from there (%s)',
    async (protocol) => {
      const s = await started(protocol);
      expect(s.watches[0]?.resourceVersion).toBe('10');
      expect([...s.cache.items]).toEqual([
        ['a/x', 'one'],
        ['a/y', 'one'],
      ]);
      s.send('MODIFIED', secret('x', '11', 'two'));
      s.send('ADDED', secret('z', '12'));
      s.send('DELETED', secret('y', '13'));
      await s.until(() => s.changes.length === 5);
      expect(s.changes.slice(2)).toEqual(['a/x=two', 'a/z=one', 'a/y=gone']);
      expect([...s.cache.items]).toEqual([
        ['a/x', 'two'],
        ['a/z', 'one'],
      ]);
      expect(s.cache).toMatchObject({ state: 'watching', resourceVersion: '13' });
      expect(s.lists()).toBe(1);
      const watch = s.server.requests.find((request) => request.query.has('watch'));
      expect(watch?.query.get('allowWatchBookmarks')).toBe('true');
      expect(Number(watch?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
      expect(watch?.query.get('labelSelector')).toBe('app.kubernetes.io/managed-by=moorage');
    },
  );

  test('resumes from the last bookmark without a list when the server ends the watch', async () => {
    const s = await started();
    s.send('BOOKMARK', { kind: 'Secret', metadata: { resourceVersion: '40' } });
    await s.until(() => s.cache.resourceVersion === '40');
    s.watches[0]?.reply.end();
    await s.until(() => s.watches.length === 2);
    expect(s.watches[1]?.resourceVersion).toBe('40');
    expect(s.lists()).toBe(1);
  });

  test('resumes without a list after a reset, and misses nothing', async () => {
    const s = await started();
    s.send('ADDED', secret('z', '12'));
    await s.until(() => s.changes.includes('a/z=one'));
    s.server.reset();
    await s.until(() => s.watches.length === 2);
    expect(s.states).toContain('retrying:ConnectionReset');
    expect(s.watches[1]?.resourceVersion).toBe('12');
    s.send('ADDED', secret('w', '13'));
    await s.until(() => s.changes.includes('a/w=one'));
    expect(s.lists()).toBe(1);
  });

  test.each(['an ERROR event', 'the reply'] as const)(
    'lists once after 410 Gone by %s, and reports what vanished meanwhile',
    async (by) => {
      const s = await started();
      const gone = {
        kind: 'Status',
        status: 'Failure',
        code: 410,
        reason: 'Expired',
        message: 'too old',
      };
      s.list = { items: [secret('x', '50', 'two'), secret('n', '51')], resourceVersion: '60' };
      if (by === 'the reply') {
        s.onWatch = (reply) => {
          s.onWatch = null;
          statusReply(reply, 410, 'Expired');
          return true;
        };
        s.watches[0]?.reply.end(
          `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '11' } } })}\n`,
        );
      } else s.send('ERROR', gone);
      await s.until(() => s.watches.length === 2);
      expect(s.changes.slice(2)).toEqual(['a/x=two', 'a/n=one', 'a/y=gone']);
      expect(s.watches[1]?.resourceVersion).toBe('60');
      expect(s.lists()).toBe(2);
    },
  );

  test('does not list again and again when every watch is answered with 410', async () => {
    const s = await scene();
    let refused = 0;
    s.onWatch = (reply) => {
      refused += 1;
      statusReply(reply, 410, 'Expired');
      return true;
    };
    s.cache.start();
    await s.until(() => refused >= 6);
    // 0.125 s, 0.75 s, 1.5 s, 3 s, 6 s with the clock's fixed jitter.
    expect(s.clock.now()).toBeGreaterThanOrEqual(11_000);
  });

  test('backs off to thirty seconds while the server answers 500, and recovers', async () => {
    const s = await started();
    let refused = 0;
    s.onWatch = (reply) => {
      refused += 1;
      statusReply(reply, 500, 'InternalError');
      return true;
    };
    s.server.reset();
    const waits: number[] = [];
    let at = s.clock.now();
    await s.until(() => {
      if (refused > waits.length) {
        waits.push(s.clock.now() - at);
        at = s.clock.now();
      }
      return refused >= 9;
    });
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(15_000);
    s.onWatch = null;
    await s.until(() => s.watches.length === 2);
    await s.arrived(() => s.cache.state === 'watching');
    expect(s.lists()).toBe(1);
  });

  test('a watch that goes silent is replaced after one and a half bookmark intervals', async () => {
    const s = await started();
    s.clock.advance(89_000);
    s.send('BOOKMARK', { metadata: { resourceVersion: '20' } });
    await s.until(() => s.cache.resourceVersion === '20');
    s.clock.advance(89_000);
    await delay(20);
    expect(s.watches).toHaveLength(1);
    s.clock.advance(2_000);
    await s.until(() => s.watches.length === 2);
    expect(s.states).toContain('retrying:WatchSilent');
    expect(s.watches[1]?.resourceVersion).toBe('20');
    expect(s.lists()).toBe(1);
  });

  test('tells how fresh it is', async () => {
    const s = await scene();
    expect(s.cache.isFresh()).toBe(false);
    s.cache.start();
    await s.cache.synced;
    expect(s.cache.isFresh()).toBe(true);
    s.clock.advance(60_000);
    expect(s.cache.isFresh(30_000)).toBe(false);
    expect(s.cache.isFresh()).toBe(true);
  });
});

describe('own writes', () => {
  test('are in the picture at once and reported neither then nor by their event', async () => {
    const s = await started();
    s.cache.absorb(secret('mine', '11'));
    expect(s.cache.items.get('a/mine')).toBe('one');
    s.send('ADDED', secret('mine', '11'));
    s.send('MODIFIED', secret('mine', '12', 'edited'));
    await s.until(() => s.cache.resourceVersion === '12');
    expect(s.changes.slice(2)).toEqual(['a/mine=edited']);
  });

  // Risk: hashing each Secret twice doubles what a rotation costs.
  test('are read once, whether their event or their reply comes first', async () => {
    const read: string[] = [];
    const s = await started('http', {
      slim: (object) => {
        read.push(`${object.metadata.name}@${object.metadata.resourceVersion ?? ''}`);
        return object.type ?? '';
      },
    });
    read.length = 0;
    s.cache.absorb(secret('reply', '11'));
    s.send('ADDED', secret('reply', '11'));
    s.send('ADDED', secret('event', '12'));
    await s.until(() => s.cache.resourceVersion === '12');
    s.cache.absorb(secret('event', '12'));
    expect(read).toEqual(['reply@11', 'event@12']);
    expect(s.changes.slice(2)).toEqual(['a/event=one']);
  });

  test('do not bring back what was deleted meanwhile', async () => {
    const s = await started();
    s.send('DELETED', secret('x', '20'));
    await s.until(() => s.cache.resourceVersion === '20');
    s.cache.absorb(secret('x', '19', 'late reply'));
    expect(s.cache.items.has('a/x')).toBe(false);
  });

  test('can be waited for', async () => {
    const s = await started();
    const order: string[] = [];
    const waiting = s.cache.waitFor('15').then(() => order.push('seen 15'));
    s.send('ADDED', secret('n', '14'));
    await s.until(() => s.cache.resourceVersion === '14');
    order.push('seen 14');
    s.send('BOOKMARK', { metadata: { resourceVersion: '15' } });
    await waiting;
    expect(order).toEqual(['seen 14', 'seen 15']);
    const never = s.cache.waitFor('999');
    s.cache.close();
    await expect(never).rejects.toMatchObject({ reason: 'Closed' });
  });
});

describe('the end', () => {
  test('closing before the first list rejects `synced` and stops all requests', async () => {
    const s = await scene();
    s.server.answer = (_request, reply) => statusReply(reply, 403, 'Forbidden');
    const ending = new AbortController();
    s.cache.start(ending.signal);
    await s.until(() => s.states.includes('retrying:Forbidden'));
    expect(s.cache.lastError?.reason).toBe('Forbidden');
    ending.abort();
    await expect(s.cache.synced).rejects.toMatchObject({ reason: 'Closed' });
    const before = s.server.requests.length;
    s.clock.advance(600_000);
    await delay(30);
    expect(s.server.requests).toHaveLength(before);
    expect(s.cache.state).toBe('closed');
  });

  test('a safety list comes after half an hour, and only then', async () => {
    const s = await started();
    for (let minute = 1; minute < 30; minute += 1) {
      s.clock.advance(60_000);
      s.send('BOOKMARK', { metadata: { resourceVersion: String(100 + minute) } });
      await s.arrived(() => s.cache.resourceVersion === String(100 + minute));
    }
    s.watches.at(-1)?.reply.end();
    await s.arrived(() => s.watches.length === 2);
    // The server is asked to end this watch when the list is due.
    const asked = s.server.requests.at(-1)?.query.get('timeoutSeconds');
    expect(Number(asked)).toBeLessThanOrEqual(60);
    expect(s.lists()).toBe(1);
    s.clock.advance(60_000);
    s.list = { items: [secret('x', '5')], resourceVersion: '200' };
    s.watches.at(-1)?.reply.end();
    await s.arrived(() => s.lists() === 2);
    await s.arrived(() => s.changes.includes('a/y=gone'));
  });
});
