import { describe, expect, test } from 'vitest';
import { scene, secret, started } from '../test/watch-scene.js';

describe('a server that lags or lies', () => {
  test('events that were seen already change nothing', async () => {
    const s = await started();
    s.send('MODIFIED', secret('x', '20', 'new'));
    s.send('DELETED', secret('y', '21'));
    await s.until(() => s.cache.resourceVersion === '21');
    s.server.reset();
    await s.until(() => s.watches.length === 2);
    s.send('MODIFIED', secret('x', '11', 'old'));
    s.send('ADDED', secret('y', '12'));
    s.send('DELETED', secret('x', '13'));
    s.send('BOOKMARK', { metadata: { resourceVersion: '30' } });
    await s.until(() => s.cache.resourceVersion === '30');
    expect([...s.cache.items]).toEqual([['a/x', 'new']]);
    expect(s.changes.slice(2)).toEqual(['a/x=new', 'a/y=gone']);
  });

  test('a list that is older than what was seen is not taken', async () => {
    const s = await started();
    s.send('MODIFIED', secret('x', '100', 'new'));
    await s.until(() => s.cache.resourceVersion === '100');
    s.list = { items: [secret('x', '50', 'old')], resourceVersion: '60' };
    s.cache.relist();
    await s.until(() => s.states.includes('retrying:StaleList'));
    expect(s.cache.items.get('a/x')).toBe('new');
    s.list = { items: [secret('x', '100', 'new')], resourceVersion: '101' };
    await s.until(() => s.watches.length === 2);
    expect(s.changes.slice(2)).toEqual(['a/x=new', 'a/y=gone']);
  });

  // A cluster restored from a backup starts again with smaller versions, and stays with them.
  test('a list that stays older for five minutes is another history, and is taken', async () => {
    const s = await started();
    s.send('MODIFIED', secret('x', '100', 'new'));
    await s.until(() => s.cache.resourceVersion === '100');
    s.list = { items: [secret('x', '50', 'restored')], resourceVersion: '60' };
    s.cache.relist();
    await s.until(() => s.cache.items.get('a/x') === 'restored');
    expect(s.clock.now()).toBeGreaterThanOrEqual(300_000);
    expect(s.cache.items.has('a/y')).toBe(false);
  });

  test('a line that is no event, or never ends, leads to a list, not to an end', async () => {
    for (const line of ['{"type":"MODIFIED","object":', 'x'.repeat(9 * 1024 * 1024)]) {
      const s = await started();
      s.watches[0]?.reply.write(`${line}${line.length < 100 ? '\n' : ''}`);
      await s.until(() => s.watches.length === 2);
      expect(s.lists()).toBe(2);
    }
  });

  test('an object that cannot be read is left out and counted', async () => {
    const s = await scene('http', {
      slim: (object) => {
        if (object.type === 'forged') throw new TypeError('not what it seems');
        return object.type ?? '';
      },
    });
    s.cache.start();
    await s.until(() => s.watches.length === 1);
    s.send('ADDED', secret('f', '11', 'forged'));
    s.send('ADDED', secret('g', '12'));
    await s.until(() => s.cache.items.has('a/g'));
    expect(s.cache.items.size).toBe(1);
    expect(s.cache.counts.unreadable).toBe(1);
  });

  test('what is gone is gone, even if its last state cannot be read', async () => {
    const s = await started('http', {
      slim: (object) => {
        if (object.type === 'forged') throw new TypeError('not what it seems');
        return object.type ?? '';
      },
    });
    s.send('DELETED', secret('x', '11', 'forged'));
    await s.until(() => s.cache.resourceVersion === '11');
    expect(s.changes.at(-1)).toBe('a/x=gone');
    expect(s.cache.counts.unreadable).toBe(0);
  });

  test('a list reads again only what changed', async () => {
    const read: string[] = [];
    const s = await started('http', {
      slim: (object) => {
        read.push(object.metadata.name);
        return object.type ?? '';
      },
    });
    s.list = { items: [secret('x', '5'), secret('y', '20', 'two')], resourceVersion: '30' };
    s.cache.relist();
    await s.until(() => s.cache.resourceVersion === '30');
    expect(read).toEqual(['x', 'y', 'y']);
    expect([...s.cache.items]).toEqual([
      ['a/x', 'one'],
      ['a/y', 'two'],
    ]);
  });

  test('events split anywhere, also within a character, arrive whole', async () => {
    const s = await started();
    const bytes = Buffer.from(
      `${JSON.stringify({ type: 'ADDED', object: secret('ü', '11', '鍵🔑') })}\n`,
    );
    for (const byte of bytes) s.watches[0]?.reply.write(Buffer.from([byte]) as unknown as string);
    await s.until(() => s.cache.items.get('a/ü') === '鍵🔑');
  });
});
