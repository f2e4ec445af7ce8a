import type { ReadLease, RestartLease } from '@moorage/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeFiles } from '../src/files/node-files.js';
import type { StateFile } from '../src/files/state-file.js';
import { createLog } from '../src/log.js';
import { Restarts } from '../src/restart/restarts.js';
import { buildConfig, buildNodeStage, type NodeStage, registriesPath } from './node-stage.js';

/** The Lease of a cluster, with the API server's refusal of a write under an old version. */
class LeaseInMemory {
  lease: ReadLease | null = null;
  away = false;
  #version = 0;

  async read(): Promise<ReadLease | null> {
    if (this.away) throw new Error('the API server is away');
    return this.lease;
  }

  async write(lease: RestartLease, read: ReadLease | null): Promise<boolean> {
    if (this.away) throw new Error('the API server is away');
    if (read?.resourceVersion !== this.lease?.resourceVersion) return false;
    this.#version += 1;
    this.lease = { ...lease, resourceVersion: String(this.#version) };
    return true;
  }
}

let stage: NodeStage;
let lease: LeaseInMemory;
/** What the health check finds, restart by restart; the last one stays. */
let faults: (string | null)[];
let files: NodeFiles;
let state: StateFile;
let restarts: Restarts;
let lifeSigns: number;
/** How many had been given when the health was first looked at. */
let signsAtFirstCheck: number | null;
const running = new AbortController().signal;
const onTurn = () => Promise.resolve();

async function begin(node = 'a', command: readonly string[] = ['true']): Promise<void> {
  ({ files, state } = stage.start());
  await state.load();
  let ran = 0;
  restarts = new Restarts({
    node,
    command: [...command],
    timeLimitMs: 600,
    pauseMs: 1,
    lease,
    health: {
      // Every restart has a time of its own, and the next answer.
      findFault: async (since) => {
        signsAtFirstCheck ??= lifeSigns;
        if (since !== ran && ran !== 0 && faults.length > 1) faults.shift();
        ran = since;
        return faults[0] ?? null;
      },
    },
    files,
    state,
    log: createLog((line) => void stage.logged.push(line)),
    readAtStart: async () => `of ${stage.read(registriesPath)?.length ?? 0}`,
    signOfLife: () => {
      lifeSigns += 1;
    },
    now: () => performance.now() + 1_700_000_000_000,
  });
}

/** Two configs on the node, the second of which has not been read. */
async function arrive(): Promise<void> {
  await files.apply(buildConfig({ hash: 'h1' }), { writeOver: null, keepGood: false });
  const next = buildConfig({ hash: 'h2', password: 'planted-longer' });
  await files.apply(next, { writeOver: null, keepGood: true });
}

beforeEach(async () => {
  stage = buildNodeStage();
  lease = new LeaseInMemory();
  faults = [null];
  lifeSigns = 0;
  signsAtFirstCheck = null;
  await begin();
  await arrive();
});
afterEach(() => stage.remove());

describe('a restart', () => {
  it('is done when the node is well, and the lease is given up', async () => {
    const seen: (string | null | undefined)[] = [];
    const outcome = await restarts.restartFor('h2', running, async () => {
      seen.push(lease.lease?.holder, state.current.restarting?.hash);
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(seen).toEqual(['a', 'h2']);
    expect(lease.lease).toMatchObject({ holder: null, stop: null });
    expect(state.current).toMatchObject({ restarting: null, rejected: null, good: null });
  });

  it('waits for another node, and does not touch its lease', async () => {
    const renewedAt = new Date(1_700_000_000_000 + 3_600_000).toISOString();
    lease.lease = { holder: 'b', renewedAt, durationSeconds: 60, stop: null, resourceVersion: '9' };
    expect(await restarts.restartFor('h2', running, onTurn)).toEqual({
      kind: 'waiting',
      holder: 'b',
    });
    expect(lease.lease.resourceVersion).toBe('9');
    expect(state.current.restarting).toBeNull();
  });

  it('is recorded as stopped by a node that fell silent, for everybody', async () => {
    lease.lease = {
      holder: 'b',
      renewedAt: null,
      durationSeconds: 1,
      stop: null,
      resourceVersion: '9',
    };
    const outcome = await restarts.restartFor('h2', running, onTurn);
    expect(outcome).toMatchObject({ kind: 'stopped', stop: { node: 'b' } });
    expect(lease.lease).toMatchObject({ stop: { node: 'b', code: 'restart.node-silent' } });
  });

  it('goes back and stops the series when the node does not come back', async () => {
    faults = ['down', null];
    await restarts.restartFor('h2', running, onTurn);
    expect(state.current).toMatchObject({
      appliedHash: 'h1',
      rejected: { hash: 'h2', code: 'restart.rolled-back', fault: 'down' },
      good: null,
    });
    expect(stage.read(registriesPath)).not.toContain('planted-longer');
    expect(lease.lease).toMatchObject({ holder: null, stop: { node: 'a', hash: 'h2' } });
  });

  it('says so when the way back does not help either', async () => {
    faults = ['down'];
    await restarts.restartFor('h2', running, onTurn);
    expect(state.current.rejected).toMatchObject({
      code: 'restart.node-not-back',
      fault: 'down',
    });
  });

  it('has failed when its command has, however well the node is: nothing was read', async () => {
    await begin('a', ['false']);
    await restarts.restartFor('h2', running, onTurn);
    expect(state.current.rejected?.fault).toBe('restart command: exit code 1');
    expect(stage.read(registriesPath)).not.toContain('planted-longer');
  });

  // The kubelet would end an agent that gives no sign of life, in the middle of the restart.
  it('gives signs of life while its command runs', async () => {
    await begin('a', ['sleep', '0.1']);
    await restarts.restartFor('h2', running, onTurn);
    expect(signsAtFirstCheck).toBeGreaterThan(2);
  });

  it('does not wait for a command without an end, and does not need the API server', async () => {
    await begin('a', ['sleep', '100']);
    const before = performance.now();
    const failed = restarts.restartFor('h2', running, async () => {
      lease.away = true;
    });
    await expect(failed).rejects.toThrow('away');
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(state.current).toMatchObject({ restarting: null, rejected: { hash: 'h2' } });
    // The stop is told as soon as somebody hears it.
    lease.away = false;
    await restarts.settle();
    expect(lease.lease).toMatchObject({ holder: null, stop: { hash: 'h2' } });
  });
});

describe('an agent that died during a restart', () => {
  const dieWith = async (phase: 'forward' | 'back', attempts: number) => {
    lease.lease = {
      holder: 'a',
      renewedAt: null,
      durationSeconds: 1,
      stop: null,
      resourceVersion: '1',
    };
    await state.update({ restarting: { hash: 'h2', phase, attempts, fault: '' } });
    await begin();
  };

  it('begins it again and gives the lease up', async () => {
    await dieWith('forward', 1);
    await restarts.finish(running);
    expect(state.current).toMatchObject({ appliedHash: 'h2', restarting: null, rejected: null });
    expect(lease.lease).toMatchObject({ holder: null, stop: null });
  });

  it('goes back when restarts keep taking it along', async () => {
    await dieWith('forward', 3);
    await restarts.finish(running);
    expect(state.current).toMatchObject({
      appliedHash: 'h1',
      rejected: { hash: 'h2', code: 'restart.rolled-back' },
    });
  });

  it('goes back with the files, too, when it died on the way back', async () => {
    await dieWith('back', 0);
    await restarts.finish(running);
    expect(stage.read(registriesPath)).not.toContain('planted-longer');
    expect(state.current.rejected?.code).toBe('restart.rolled-back');
  });

  it('leaves the rest to the next process when it is told to end', async () => {
    await dieWith('forward', 0);
    await restarts.finish(AbortSignal.abort());
    expect(state.current.restarting).toEqual({
      hash: 'h2',
      phase: 'forward',
      attempts: 1,
      fault: '',
    });
    expect(lease.lease?.holder).toBe('a');
  });
});

describe('a stop', () => {
  beforeEach(async () => {
    faults = ['down', null];
    await restarts.restartFor('h2', running, onTurn);
  });

  it('is lifted by a person who deletes the lease', async () => {
    lease.lease = null;
    await restarts.settle();
    expect(state.current.rejected).toBeNull();
  });

  it('stays while the lease has it', async () => {
    await restarts.settle();
    expect(state.current.rejected?.hash).toBe('h2');
    expect(await restarts.restartFor('h2', running, onTurn)).toMatchObject({ kind: 'stopped' });
  });

  it('is lifted by the success of another config on this node', async () => {
    faults = [null];
    expect(await restarts.restartFor('h3', running, onTurn)).toEqual({ kind: 'done' });
    expect(lease.lease).toMatchObject({ holder: null, stop: null });
    expect(state.current.rejected).toBeNull();
  });

  it('is lifted by another config that needs no restart here', async () => {
    await restarts.lift();
    expect(lease.lease).toMatchObject({ stop: null });
    expect(state.current.rejected).toBeNull();
  });

  it('of another node is not lifted by this one', async () => {
    const other = {
      node: 'b',
      code: 'restart.rolled-back',
      hash: 'h2',
      at: '2026-11-26T22:00:00.000Z',
    };
    if (lease.lease !== null) lease.lease = { ...lease.lease, stop: other };
    await restarts.lift();
    expect(lease.lease).toMatchObject({ stop: { node: 'b' } });
  });
});
