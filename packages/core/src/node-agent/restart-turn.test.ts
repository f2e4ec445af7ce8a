import { describe, expect, it } from 'vitest';
import {
  decideTurn,
  decodeRestartLease,
  encodeRestartLease,
  type RestartLease,
} from './restart-turn.js';

const now = Date.parse('2026-11-26T22:00:00.000Z');
const free: RestartLease = { holder: null, renewedAt: null, durationSeconds: 60, stop: null };
const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
const stop = { node: 'a', code: 'restart.node-not-back', hash: 'h1', at: at(5) };

describe('the turn of node "a" for config "h1"', () => {
  it.each<[string, RestartLease | null, object]>([
    ['comes when nobody has a lease', null, { action: 'take' }],
    ['comes when it is free', free, { action: 'take' }],
    ['is its own still', { ...free, holder: 'a', renewedAt: at(500) }, { action: 'continue' }],
    [
      'is not there while another has it',
      { ...free, holder: 'b', renewedAt: at(59) },
      { action: 'wait', holder: 'b' },
    ],
    [
      'does not come because another fell silent: that one did not come back',
      { ...free, holder: 'b', renewedAt: at(61) },
      {
        action: 'record-stop',
        stop: { node: 'b', code: 'restart.node-silent', hash: '', at: at(0) },
      },
    ],
    [
      'nor because it is unknown when another took it',
      { ...free, holder: 'b' },
      { action: 'record-stop' },
    ],
    [
      'does not come after a stop elsewhere',
      { ...free, stop: { ...stop, node: 'b' } },
      { action: 'stopped' },
    ],
    ['nor after its own stop with this config', { ...free, stop }, { action: 'stopped' }],
    [
      'comes after its own stop with another',
      { ...free, stop: { ...stop, hash: 'h0' } },
      { action: 'take' },
    ],
  ])('%s', (_, lease, turn) => {
    expect(decideTurn({ node: 'a', hash: 'h1', lease, now })).toMatchObject(turn);
  });
});

describe('the lease', () => {
  it.each<RestartLease>([free, { ...free, holder: 'a', renewedAt: at(0) }, { ...free, stop }])(
    'is read as it was written',
    (lease) => {
      const written = encodeRestartLease(lease, '7') as { metadata: object };
      const decoded = decodeRestartLease(written);
      const renewedAt = lease.renewedAt?.replace('Z', '000Z') ?? null;
      expect(decoded).toEqual({ ...lease, renewedAt, resourceVersion: '7' });
    },
  );

  it('stops everybody also when nobody can read why', () => {
    const metadata = { resourceVersion: '1', annotations: { 'moorage.dev/restart-stopped': '?' } };
    const lease = decodeRestartLease({ metadata, spec: {} });
    expect(decideTurn({ node: 'a', hash: 'h', lease, now }).action).toBe('stopped');
  });
});
